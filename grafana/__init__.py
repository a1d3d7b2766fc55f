"""Grafana boards as code: panels, boards, the build that writes them, and publishing over the HTTP API."""
