using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The coordinates of a grid: each one-dimensional tensor spread over the dimensions of all; "ij" in their order, "xy" with the first two exchanged.</summary>
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij")
    {
        Tensor[] parts = [.. tensors];
        if (parts.Length == 0) throw new ExternalException("meshgrid expects a non-empty TensorList");
        if (indexing is not ("ij" or "xy")) throw new ExternalException("torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: " + indexing);
        foreach (Tensor t in parts)
        {
            if (t.Rank > 1) throw new ExternalException($"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {t}");
            if (t.type != parts[0].type) throw new ExternalException("torch.meshgrid expects all tensors to have the same dtype");
        }
        bool swap = indexing == "xy" && parts.Length >= 2;
        if (swap) (parts[0], parts[1]) = (parts[1], parts[0]);
        long[] shape = parts.Select(t => t.Count).ToArray();
        Tensor[] grids = parts.Select((t, d) => t.reshape([.. shape.Select((_, i) => i == d ? t.Count : 1L)]).expand(shape, false)).ToArray();
        if (!swap) return grids;
        (grids[0], grids[1]) = (grids[1], grids[0]);
        return grids;
    }
}
