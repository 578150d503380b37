"""Numbers as people read them."""

import unittest

import support  # noqa: F401
from parkbench import quantity


class QuantityTest(unittest.TestCase):
    def test_three_significant_digits(self):
        cases = {
            4.0958: "4.10",
            12.34: "12.3",
            999.6: "1,000",
            9.996: "10.0",
            1234: "1,230",
            1234567: "1,230,000",
            0.0123: "0.0123",
            0.00004567: "0.0000457",
            0: "0",
            1e-9: "1.00e-09",
            -12.34: "-12.3",
        }
        for value, text in cases.items():
            self.assertEqual(quantity.three_digits(value), text)

    def test_what_was_not_measured_is_a_dash(self):
        for value in (None, float("nan"), float("inf")):
            self.assertEqual(quantity.three_digits(value), "–")

    def test_almost_never_is_told_from_never(self):
        self.assertEqual([quantity.rate(value) for value in (0, 8e-7, 0.25, None)], ["0", "< 0.001", "0.250", "–"])

    def test_what_there_is_much_of_is_short(self):
        self.assertEqual([quantity.short(value) for value in (39_812_345, 1000, 12.34, 2.5e9)], ["39.8 M", "1.00 k", "12.3", "2.50 G"])

    def test_percent(self):
        cases = {0: "0 %", 0.0001: "< 0.1 %", 0.012: "1.2 %", 0.5: "50 %", 1: "100 %"}
        for share, text in cases.items():
            self.assertEqual(quantity.percent(share), text)

    def test_the_clock(self):
        self.assertEqual(quantity.seconds_as_clock(75.2), "1:15")
        self.assertEqual(quantity.seconds_as_clock(-3), "0:00")

    def test_sizes(self):
        self.assertEqual(quantity.size(48), "48 KiB")
        self.assertEqual(quantity.size(32768), "32 MiB")


if __name__ == "__main__":
    unittest.main()
