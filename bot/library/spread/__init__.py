"""A library that is divided into parts, some of them in other processes, and answers as one."""
