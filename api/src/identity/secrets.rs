//! Secrets of the installation, made at the first start and shared by its instances.

use entity::Timestamp;
use entity::secret::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::kernel::database::{Database, Tx};
use crate::kernel::ids;
use crate::kernel::token::SigningKey;

/// The installation's secrets.
#[derive(Debug)]
pub struct Secrets {
    /// What cursors are sealed with.
    pub cursor: Vec<u8>,
    /// What tokens are signed with.
    pub signing: SigningKey,
}

/// Reads the secrets; the first instance makes them.
pub async fn load(database: &Database, now: Timestamp) -> Result<Secrets, anyhow::Error> {
    if let (Some(cursor), Some(signing)) = (
        read(database, "cursor").await?,
        read(database, "signing").await?,
    ) {
        return secrets(cursor, &signing);
    }
    let tx = database.begin().await?;
    make(&tx, "cursor", ids::random::<32>().to_vec(), now).await?;
    make(&tx, "signing", SigningKey::generate()?, now).await?;
    tx.commit(Vec::new()).await?;
    let missing = || anyhow::anyhow!("the database holds no secrets");
    let cursor = read(database, "cursor").await?.ok_or_else(missing)?;
    let signing = read(database, "signing").await?.ok_or_else(missing)?;
    secrets(cursor, &signing)
}

fn secrets(cursor: Vec<u8>, signing: &[u8]) -> Result<Secrets, anyhow::Error> {
    Ok(Secrets {
        cursor,
        signing: SigningKey::from_pkcs8(None, signing)?,
    })
}

async fn read(database: &Database, name: &str) -> Result<Option<Vec<u8>>, anyhow::Error> {
    let row = Entity::find_by_id(name).one(database).await?;
    Ok(row.map(|row| row.value))
}

/// Keeps a secret unless another instance was faster.
async fn make(tx: &Tx, name: &str, value: Vec<u8>, now: Timestamp) -> Result<(), anyhow::Error> {
    let row = ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value),
        created_at: Set(now),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
