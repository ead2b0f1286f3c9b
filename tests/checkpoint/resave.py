"""resave.py SOURCE ZIP LEGACY: loads a state dict as PyTorch does when it trusts nobody, and saves it in both formats."""
import sys

import torch

state = torch.load(sys.argv[1], weights_only=True)
torch.save(state, sys.argv[2])
torch.save(state, sys.argv[3], _use_new_zipfile_serialization=False)
print(len(state), 'tensors')
