"""A server of S3's protocol on this machine, for tests that need object storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

NEEDED = "pip install 'threadbot[test]'"
BUCKET = "threadbot-layers"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
PATHS = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")


@contextmanager
def bucket() -> Iterator[str]:
    """Start a server, and set what finds it; yield the address of a bucket."""
    pytest.importorskip("s3fs", reason=f"s3fs is not installed: {NEEDED}")
    server = pytest.importorskip("moto.server", reason=f"moto is not installed: {NEEDED}")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    try:
        with pytest.MonkeyPatch.context() as patch:
            for each in KEYS:
                patch.setenv(each, "test")
            for each in PATHS:
                patch.setenv(each, "/nowhere")
            patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
            patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
            patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
            import botocore.session

            botocore.session.get_session().create_client("s3").create_bucket(Bucket=BUCKET)
            yield f"s3://{BUCKET}"
    finally:
        running.stop()
