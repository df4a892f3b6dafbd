"""事件: report, accept, verify, file, dispatch, handle, check, close, rate."""
