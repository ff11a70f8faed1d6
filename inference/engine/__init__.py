"""ONNX Runtime sessions and the runs over volumes; worker process only."""
