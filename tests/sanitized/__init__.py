"""Tests of the C kernels under AddressSanitizer and UBSan, and what they cover of the C code."""
