"""Chat engines behind `drafter.types.ChatModel`, one file each; `choose` picks one."""
