"""Imports every module of the generated client, and expects a function per operation that takes its body."""

import importlib
import inspect
import json
import pkgutil
import sys

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

document, folder = sys.argv[1:]
sys.path.insert(0, folder)
package = importlib.import_module("debrief_client")

modules = [module.name for module in pkgutil.walk_packages(package.__path__, "debrief_client.")]
loaded = {name: importlib.import_module(name) for name in modules}
functions = {
    name.rpartition(".")[2]: module for name, module in loaded.items() if name.startswith("debrief_client.api.")
}

with open(document, encoding="utf-8") as file:
    paths = json.load(file)["paths"]
operations = [path[method] for path in paths.values() for method in METHODS if method in path]

faults = []
for operation in operations:
    name = operation["operationId"]
    function = getattr(functions.get(name), "sync_detailed", None)
    if function is None:
        faults.append(f"{name}: there is no function")
    elif "requestBody" in operation and "body" not in inspect.signature(function).parameters:
        faults.append(f"{name}: the function takes no body")

print(f"{len(modules)} modules imported, {len(operations)} operations")
if faults or not operations:
    sys.exit("\n".join(faults) or "no operation in the document")
