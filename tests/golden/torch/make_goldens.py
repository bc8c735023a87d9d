#!/usr/bin/env python3
"""Makes the golden files beside it from PyTorch (2.5 or newer) in float64: python make_goldens.py [FOLDER].

NAME.headlight.json is an experiment, NAME.npz or NAME.safetensors what it names: numbers that float32 holds
exactly. NAME.expected.npz are the stages in float64, under the names of the stages, with a leading axis where
there is a batch; `upstream` is what the gradients are taken with. What a module or function of PyTorch gives
is stored as it came; the stages between come from the same steps written out below, and the script fails
where the two differ by more than 1e-12.
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file
from torch import nn

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
NEAR = 1e-12
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Numbers:
    """Numbers that float32 holds exactly, one seed a case."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape, std=1.0):
        return (torch.randn(*shape, generator=self.generator, dtype=torch.float32) * std).double()

    def some(self, *shape, share):
        return torch.rand(*shape, generator=self.generator) < share

    def overwrite(self, module):
        """Every parameter anew, so that no bias, gain or mask stays without effect."""
        with torch.no_grad():
            for name, parameter in module.named_parameters():
                is_matrix = parameter.dim() == 2
                parameter.copy_(self.normal(*parameter.shape, std=0.5 if is_matrix else 0.4))
        return module


def save(name, tensors, safetensors=False):
    arrays = {}
    for key, value in tensors.items():
        array = value.detach().cpu().numpy()
        if array.dtype == np.float64:
            assert np.array_equal(array.astype(np.float32).astype(np.float64), array), f"{name}: {key}"
            array = array.astype(np.float32)
        arrays[key] = np.ascontiguousarray(array)
    if safetensors:
        path = FOLDER / f"{name}.safetensors"
        save_file(arrays, path)
        path.chmod(0o644)
    else:
        np.savez(FOLDER / f"{name}.npz", **arrays)


def expect(name, experiment, stages):
    document = {"type": "headlight/experiment", "version": 1, "title": name, **experiment}
    (FOLDER / f"{name}.headlight.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    arrays = {key: value.detach().numpy() for key, value in stages.items()}
    np.savez_compressed(FOLDER / f"{name}.expected.npz", **arrays)


def near(a, b, what):
    a, b = torch.nan_to_num(a, neginf=-1e300), torch.nan_to_num(b, neginf=-1e300)
    assert a.shape == b.shape, (what, a.shape, b.shape)
    assert (a - b).abs().max() <= NEAR, (what, (a - b).abs().max())


def attend(q, k, v, scale, bias=None, keep=None, softcap=None):
    """q [B, H, L, d], k and v [B, Hkv, S, ·]; bias and keep broadcast to [B, H, L, S]."""
    group = q.shape[1] // k.shape[1]
    for tensor in (q, k, v):
        tensor.retain_grad()
    scaled = (q @ k.repeat_interleave(group, 1).transpose(-1, -2)) * scale
    biased = scaled if softcap is None else softcap * torch.tanh(scaled / softcap)
    if bias is not None:
        biased = biased + bias
    keep = torch.ones_like(biased, dtype=torch.bool) if keep is None else keep.expand(biased.shape)
    masked = biased.masked_fill(~keep, -math.inf)
    masked.retain_grad()
    empty = ~keep.any(-1, keepdim=True)
    weights = torch.softmax(masked.masked_fill(empty, 0.0), -1).masked_fill(empty, 0.0)
    head_output = weights @ v.repeat_interleave(group, 1)
    stages = {"q": q, "k": k, "v": v, "scaled": scaled, "masked": masked, "weights": weights,
              "head_output": head_output, "lse": torch.logsumexp(masked, -1)}
    return stages, head_output.transpose(1, 2).flatten(2)


def gradients(stages, loss):
    loss.backward()
    dropped = torch.isneginf(stages["masked"])
    return {"grad_q": stages["q"].grad, "grad_k": stages["k"].grad, "grad_v": stages["v"].grad,
            "grad_scores": stages["masked"].grad.masked_fill(dropped, 0.0)}


def split_mask(mask, meaning):
    """(bias, keep) of what PyTorch takes; an additive mask hides where it is -inf."""
    if mask is None:
        return None, None
    if meaning == "drop":
        return None, ~mask
    if meaning == "keep":
        return None, mask
    hidden = torch.isneginf(mask)
    return mask.masked_fill(hidden, 0.0), ~hidden


def both(a, b, join):
    return b if a is None else a if b is None else join(a, b)


def mha(name, seed, *, width=6, heads=3, length=5, keys=None, batch=None, kdim=None, vdim=None, bias=True,
        bias_kv=False, zero=False, batch_first=True, attn_mask=None, key_padding=None, causal=False,
        safetensors=False, layer=None, separate=False, upstream=False):
    """One nn.MultiheadAttention. attn_mask(numbers, heads) and key_padding(numbers) give PyTorch's masks."""
    numbers = Numbers(seed)
    prefix = ""
    if layer is not None:
        outer = numbers.overwrite(nn.TransformerDecoderLayer(width, heads, dim_feedforward=4, dropout=0.0,
                                                             batch_first=batch_first))
        module, prefix, state = getattr(outer, layer), layer + ".", outer.state_dict()
    else:
        module = numbers.overwrite(nn.MultiheadAttention(
            width, heads, bias=bias, add_bias_kv=bias_kv, add_zero_attn=zero, kdim=kdim, vdim=vdim,
            batch_first=batch_first))
        state = module.state_dict()
    module.eval()
    elements = batch or 1
    x = numbers.normal(elements, length, width)
    memory = None if keys is None else numbers.normal(elements, keys, kdim or width)
    value = numbers.normal(elements, keys or length, vdim) if vdim else None
    key_input = x if memory is None else memory
    value_input = key_input if value is None else value

    def shaped(tensor):
        if batch is None:
            return tensor[0]
        return tensor if batch_first else tensor.transpose(0, 1).contiguous()

    tensors = dict(state)
    if separate:
        packed = tensors.pop("in_proj_weight")
        for index, key in enumerate("qkv"):
            tensors[f"{key}_proj_weight"] = packed[index * width:(index + 1) * width]
    tensors["x"] = shaped(x)
    file = name + (".safetensors" if safetensors else ".npz")
    source = {"kind": "mha", "file": file, "x": file + ":x"}
    if layer is not None:
        source["prefix"] = layer
    if memory is not None:
        tensors["memory"] = shaped(memory)
        source["memory"] = file + ":memory"
    if value is not None:
        tensors["memory_value"] = shaped(value)
        source["memory_value"] = file + ":memory_value"
    if not batch_first:
        source["batch_first"] = False
    if zero:
        source["add_zero_attn"] = True

    masks, total_bias, total_keep = [], None, None
    given_mask = attn_mask(numbers, elements * heads) if attn_mask else None
    if causal:
        given_mask = torch.ones(length, keys or length, dtype=torch.bool).triu(1)
        masks.append({"kind": "causal"})
    elif given_mask is not None:
        meaning = "drop" if given_mask.dtype == torch.bool else "additive"
        tensors["attn_mask"] = given_mask
        masks.append({"kind": "tensor", "tensor": file + ":attn_mask", "meaning": meaning})
    if given_mask is not None:
        four = given_mask if given_mask.dim() == 2 else given_mask.view(elements, heads, *given_mask.shape[1:])
        total_bias, total_keep = split_mask(four, "drop" if four.dtype == torch.bool else "additive")
    padding = key_padding(numbers) if key_padding else None
    if padding is not None:
        tensors["key_padding_mask"] = padding if batch is not None else padding[0]
        meaning = "drop" if padding.dtype == torch.bool else "additive"
        entry = {"kind": "tensor", "tensor": file + ":key_padding_mask", "meaning": meaning}
        if batch is not None:
            entry["axes"] = "bk"
        masks.append(entry)
        more_bias, more_keep = split_mask(padding[:, None, None, :], meaning)
        total_bias = both(total_bias, more_bias, torch.add)
        total_keep = both(total_keep, more_keep, torch.logical_and)
    save(name, tensors, safetensors)

    # The steps of the module, so that what lies between can be seen (attention.md A.4).
    with torch.no_grad():
        if module._qkv_same_embed_dim:
            wq, wk, wv = module.in_proj_weight.chunk(3)
        else:
            wq, wk, wv = module.q_proj_weight, module.k_proj_weight, module.v_proj_weight
        biases = [None] * 3 if module.in_proj_bias is None else module.in_proj_bias.chunk(3)
        projected = [F.linear(t, w, b) for t, w, b in zip((x, key_input, value_input), (wq, wk, wv), biases)]
        if module.bias_k is not None:
            for at, row in ((1, module.bias_k), (2, module.bias_v)):
                projected[at] = torch.cat([projected[at], row.expand(elements, 1, width)], 1)
        q, k, v = (t.unflatten(2, (heads, width // heads)).transpose(1, 2) for t in projected)
        if zero:
            k, v = (torch.cat([t, t.new_zeros(elements, heads, 1, width // heads)], 2) for t in (k, v))
    q, k, v = (t.contiguous().requires_grad_() for t in (q, k, v))
    extra = k.shape[2] - key_input.shape[1]
    if total_bias is not None:
        total_bias = F.pad(total_bias, (0, extra))
    if total_keep is not None:
        total_keep = F.pad(total_keep, (0, extra), value=True)
    stages, concat = attend(q, k, v, 1 / math.sqrt(width // heads), total_bias, total_keep)
    output = F.linear(concat, module.out_proj.weight, module.out_proj.bias)
    blocks = module.out_proj.weight.unflatten(1, (heads, width // heads))
    stages["contribution"] = torch.einsum("bhld,ehd->bhle", stages["head_output"], blocks)

    theirs, their_weights = module(
        shaped(x), shaped(key_input), shaped(value_input), attn_mask=given_mask,
        key_padding_mask=None if padding is None else padding if batch is not None else padding[0],
        need_weights=True, average_attn_weights=False)
    if batch is None:
        theirs, their_weights = theirs[None], their_weights[None]
    elif not batch_first:
        theirs = theirs.transpose(0, 1)
    near(their_weights, stages["weights"], name + ": weights")
    near(theirs, output, name + ": output")
    wanted = numbers.normal(elements, length, width) if upstream else torch.ones(elements, length, width)
    slopes = gradients(stages, (wanted * output).sum())
    stages.update(slopes, weights=their_weights, output=theirs)
    if upstream:
        stages["upstream"] = wanted
    if batch is None:
        stages = {key: value[0] for key, value in stages.items()}
    experiment = {"source": source, "shape": {"heads": heads}}
    if masks:
        experiment["mask"] = masks
    expect(name, experiment, stages)


def sdpa(name, seed, *, heads=3, kv_heads=None, length=4, keys=7, width=4, value_width=5, batch=None,
         layers=None, layer=0, layout="htd", causal=None, mask=None, meaning=None, scale=None, upstream=False):
    """F.scaled_dot_product_attention; mask(numbers) gives its attn_mask."""
    numbers = Numbers(seed)
    kv_heads = kv_heads or heads
    lead = (layers or 1, batch or 1)
    whole = [numbers.normal(*lead, h, t, d) for h, t, d in
             ((heads, length, width), (kv_heads, keys, width), (kv_heads, keys, value_width))]
    tensors = {}
    for key, tensor in zip("qkv", whole):
        for axis, present in ((1, batch), (0, layers)):
            if present is None:
                tensor = tensor.squeeze(axis)
        tensors[key] = tensor.transpose(-3, -2).contiguous() if "th" in layout else tensor
    source = {"kind": "qkv", "file": name + ".npz", "layout": layout}
    if layers:
        source["layer"] = layer
    experiment = {"source": source}
    given = mask(numbers) if mask else None
    if given is not None:
        tensors["mask"] = given
        experiment["mask"] = [{"kind": "tensor", "tensor": name + ".npz:mask", "meaning": meaning}]
    save(name, tensors)
    if causal:
        experiment["mask"] = [{"kind": "causal", "align": causal}]
    if scale is not None:
        experiment["score"] = {"scale": scale}
    q, k, v = (tensor[layer].clone().requires_grad_() for tensor in whole)
    bias, keep = split_mask(given, meaning)
    if causal:
        offset = keys - length if causal == "bottom_right" else 0
        keep = torch.ones(length, keys, dtype=torch.bool).tril(offset)
    stages, concat = attend(q, k, v, 1 / math.sqrt(width) if scale is None else scale, bias, keep)
    their_mask = keep if causal == "bottom_right" else given
    theirs = F.scaled_dot_product_attention(q, k, v, attn_mask=their_mask, is_causal=causal == "top_left",
                                            scale=scale, enable_gqa=kv_heads != heads)
    near(theirs, stages["head_output"], name)
    wanted = numbers.normal(*concat.shape) if upstream else torch.ones_like(concat)
    slopes = gradients(stages, (wanted * concat).sum())
    stages.update(slopes, head_output=theirs, concat=concat)
    if upstream:
        stages["upstream"] = wanted
    if batch is None:
        stages = {key: value[0] for key, value in stages.items()}
    expect(name, experiment, stages)


def maps(name, seed, *, scores=False, layers=2, batch=2, heads=3, kv_heads=1, length=4, keys=5, layer=1):
    """Maps of a model, saved whole, and values: weights as they are, or scores with softcap, mask, softmax."""
    numbers = Numbers(seed)
    scaled = numbers.normal(layers, batch, heads, length, keys, std=2)
    given = scaled if scores else torch.softmax(scaled, -1).float().double()
    v = numbers.normal(layers, batch, kv_heads, keys, 4)
    save(name, {"attentions": given, "v": v})
    experiment = {"source": {"kind": "maps", "file": name + ".npz:attentions", "layout": "lbhqk",
                             "layer": layer, "v": name + ".npz:v"}}
    if scores:
        experiment["source"]["is"] = "scores"
        experiment["score"] = {"softcap": 1.5}
        experiment["mask"] = "causal"
        experiment["normalizer"] = {"kind": "softmax", "temperature": 0.5}
        biased = 1.5 * torch.tanh(given[layer] / 1.5)
        keep = torch.ones(length, keys, dtype=torch.bool).tril()
        masked = biased.masked_fill(~keep, -math.inf)
        weights = torch.softmax(masked / 0.5, -1)
        stages = {"scaled": given[layer], "biased": biased, "masked": masked, "weights": weights}
    else:
        weights = given[layer]
        stages = {"weights": weights}
    stages["head_output"] = weights @ v[layer].repeat_interleave(heads // kv_heads, 1)
    stages["concat"] = stages["head_output"].transpose(1, 2).flatten(2)
    expect(name, experiment, stages)


def hide(mask, *rows):
    """No row of a mask that PyTorch's need_weights path would answer with NaN."""
    mask[..., 0] = False
    for row in rows:
        mask[..., row, :] = True
    return mask


def with_infinities(numbers, *shape):
    mask = numbers.normal(*shape)
    hidden = numbers.some(*shape, share=0.3)
    hidden[..., 0] = False
    return mask.masked_fill(hidden, -math.inf)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    mha("mha-packed", 1, safetensors=True, upstream=True)
    mha("mha-separate", 1, separate=True)
    mha("mha-widths", 2, width=6, heads=2, length=4, keys=3, kdim=5, vdim=7)
    mha("mha-value-width", 3, width=4, heads=2, vdim=3, safetensors=True)
    mha("mha-no-bias", 4, bias=False, bias_kv=True)
    mha("mha-bias-kv", 5, bias_kv=True, causal=True, safetensors=True)
    mha("mha-zero-key", 6, zero=True,
        attn_mask=lambda n, _: hide(n.some(5, 5, share=0.4), 2))
    mha("mha-both-extra", 7, width=4, heads=2, length=3, keys=5, batch=3, batch_first=False, bias_kv=True,
        zero=True, attn_mask=lambda n, _: with_infinities(n, 3, 5), upstream=True)
    mha("mha-decoder-layer", 8, width=4, heads=2, length=3, keys=5, batch=2, layer="multihead_attn",
        safetensors=True)
    mha("mha-padding", 9, batch=3, batch_first=False,
        key_padding=lambda n: torch.arange(5) >= torch.tensor([[3], [5], [4]]),
        attn_mask=lambda n, _: hide(n.some(5, 5, share=0.3)))
    mha("mha-float-padding", 10, key_padding=lambda n: with_infinities(n, 1, 5), upstream=True)
    mha("mha-mask-per-head", 11, batch=2, attn_mask=lambda n, heads: hide(n.some(heads, 5, 5, share=0.4)))
    mha("mha-float-mask-per-head", 12, batch=2, bias_kv=True,
        attn_mask=lambda n, heads: with_infinities(n, heads, 5, 5), safetensors=True)
    sdpa("sdpa-grouped", 21, heads=6, kv_heads=2, batch=2, layout="bhtd", upstream=True)
    sdpa("sdpa-causal", 22, layout="thd", causal="top_left", upstream=True)
    sdpa("sdpa-bottom-right", 23, heads=2, kv_heads=1, length=5, keys=3, causal="bottom_right", scale=-0.375)
    sdpa("sdpa-float-mask", 24, batch=2, layout="bthd", meaning="additive",
         mask=lambda n: with_infinities(n, 2, 1, 4, 7))
    sdpa("sdpa-bool-mask", 25, meaning="keep", mask=lambda n: ~hide(n.some(3, 4, 7, share=0.5), 1))
    sdpa("sdpa-layers", 26, heads=4, kv_heads=2, layers=3, layer=1, layout="lhtd")
    sdpa("sdpa-layers-batch", 27, layers=2, layer=1, batch=2, layout="lbhtd", scale=1.0,
         causal="top_left")
    maps("maps-weights", 31)
    maps("maps-scores", 32, scores=True)


main()
