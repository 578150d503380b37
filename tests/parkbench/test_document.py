"""The document on disk: read whatever Google Benchmark writes, refuse the rest, write whole or not at all."""

import json
import unittest

from support import TemporaryFolderTest, document, entry
from parkbench.document import load, parse, save
from parkbench.problem import Problem


class DocumentTest(TemporaryFolderTest):
    def test_bare_nan_and_infinity_are_read_as_not_measured(self):
        self.assertEqual(parse('{"a": NaN, "b": [Infinity, -Infinity, 1.5]}'), {"a": None, "b": [None, None, 1.5]})

    def test_the_lower_case_ones_of_older_versions_too(self):
        self.assertEqual(parse('{"a": nan, "b": -inf, "c": "x: nan,"}'), {"a": None, "b": None, "c": "x: nan,"})

    def test_what_was_saved_is_loaded(self):
        path = self.folder / "run.json"
        saved = document([entry("alone/park/threads:1", 4.0)])
        save(saved, path)
        self.assertEqual(load(path), saved)

    def test_what_is_saved_is_strict_json(self):
        path = self.folder / "run.json"
        save(document([entry("alone/park/threads:1", 4.0, cpu_ns_per_op=float("nan"))]), path)
        strict = json.loads(path.read_text(), parse_constant=lambda name: self.fail(f"bare {name}"))
        self.assertIsNone(strict["benchmarks"][0]["cpu_ns_per_op"])

    def test_a_save_that_fails_keeps_the_old_file_and_leaves_nothing(self):
        path = self.folder / "run.json"
        path.mkdir()
        with self.assertRaises(Problem):
            save(document([]), path)
        self.assertEqual(sorted(file.name for file in self.folder.iterdir()), ["plotly.min.js", "run.json"])

    def test_documents_that_are_no_run_are_refused(self):
        good = document([])
        strangers = [
            [],
            {},
            {"benchmarks": []},
            {"benchmarks": [3], "park": {}},
            {"benchmarks": [], "park": []},
            {**good, "park": {**good["park"], "threads": ["two"]}},
            {**good, "park": {**good["park"], "machine": 3}},
            {**good, "park": {**good["park"], "counts": [{}]}},
        ]
        path = self.folder / "run.json"
        for stranger in strangers:
            path.write_text(json.dumps(stranger))
            with self.assertRaises(Problem, msg=str(stranger)):
                load(path)

    def test_a_missing_file_and_text_that_is_no_json_are_refused(self):
        path = self.folder / "run.json"
        with self.assertRaises(Problem):
            load(path)
        path.write_text("{")
        with self.assertRaises(Problem):
            load(path)


if __name__ == "__main__":
    unittest.main()
