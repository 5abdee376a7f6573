"""Long proofs: crashes, losses, floods. `make prove` runs them all, `make test` a small sample of each."""
