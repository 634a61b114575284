"""Samples for jupyter_kernel_test, run by conformance.test.ts. Prints one line of JSON: what failed, sub-tests included."""

import json
import sys
import unittest

from jupyter_kernel_test import KernelTests


class TsnbTests(KernelTests):
    kernel_name = "tsnb"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Math.ma", "matches": ["max"]},
        {"text": "[1].flatM", "matches": ["flatMap"]},
        {"text": "const wordLike = 1; wordLi", "matches": ["wordLike"]},
        {"text": "'é𝒳'; JSON.str", "matches": ["stringify"]},
    ]
    complete_code_samples = ["1", "const f = (x: number): number => {\n  return 2 * x;\n}", "await (async () => 5)()", "enum E { A }"]
    incomplete_code_samples = ["function f() {", "foo(1,", "const s = `a", "/* not yet", "1 +", "class A {\n  x = 1;"]
    invalid_code_samples = ["let = = 3", ")", "foo(]", "const s = 'a", "1 2"]
    code_page_something = "page('something')"
    code_generate_error = "throw new TypeError('on purpose')"
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "1 - 2;", "result": "-1"},
        {"code": "[1, 2].map(x => 2 * x)", "result": "[ 2, 4 ]"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) })", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>x</b>')", "mime": "text/html"},
        {"code": "import { display } from 'tslab'; display.png(new Uint8Array([1, 2, 3]))", "mime": "image/png"},
    ]
    code_history_pattern = "1 + 2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "(globalThis as never as Record<symbol, (type: string, content: object) => void>)[Symbol.for('Jupyter.emit')]!('clear_output', { wait: false })"


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(TsnbTests)
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=2).run(suite)
    # A failed sub-test counts as a failure here, which pytest would show as a passed method.
    failed = [str(test) for test, _ in result.failures + result.errors]
    skipped = [f"{test}: {reason}" for test, reason in result.skipped]
    print(json.dumps({"ran": result.testsRun, "failed": failed, "skipped": skipped}))
