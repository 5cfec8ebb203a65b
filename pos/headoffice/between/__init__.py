"""Between tills. Every act has a request id: asked again it is answered as the first time."""
