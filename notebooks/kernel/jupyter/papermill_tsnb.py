"""papermill with parameters for TypeScript notebooks: python papermill_tsnb.py in.ipynb out.ipynb -p name value

papermill keeps its parameter translators in a table that a program fills before it runs; importing this module
fills it as well. papermill imports the engines that installed packages offer: after `pip install` of this folder,
`papermill` itself, and whatever calls it, knows TypeScript.
"""

import json
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# let name: type = default;
DECLARED = re.compile(r"^\s*(?:export\s+)?let\s+([\w$]+)\s*(?::\s*([^=;]+?)\s*)?=\s*([^;\n]+)", re.M)


class TypeScriptTranslator(Translator):
    """Parameters become assignments to the variables of the cell tagged `parameters`, which gives them their types."""

    @classmethod
    def translate(cls, val):
        if val is None:
            return "null"
        if isinstance(val, float) and (val != val or val in (float("inf"), float("-inf"))):
            return "NaN" if val != val else "Infinity" if val > 0 else "-Infinity"
        return json.dumps(val, ensure_ascii=False)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        return f"{name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        found = DECLARED.findall(parameters_cell["source"])
        return [Parameter(name, kind or "None", default.strip(), "") for name, kind, default in found]


papermill_translators.register("typescript", TypeScriptTranslator)


class Engine(NBClientEngine):
    """papermill's own engine, by a name that makes it import this module."""


if __name__ == "__main__":
    from papermill.cli import papermill

    papermill()
