using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The matrices one behind the other along the diagonal, 0 beside them; vectors count as rows.</summary>
    public static Tensor block_diag(params Tensor[] tensors)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (Tensor t in tensors)
            if (t.Rank > 2) throw new ExternalException($"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {Array.IndexOf(tensors, t)} has {t.Rank} dimensions");
        Tensor[] parts = [.. tensors.Select(t => t.atleast_2d())];
        long columns = parts.Sum(t => t.sizes[1]), at = 0;
        var rows = new List<Tensor>();
        foreach (Tensor t in parts)
        {
            Tensor left = zeros([t.sizes[0], at], t.type), right = zeros([t.sizes[0], columns - at - t.sizes[1]], t.type);
            rows.Add(cat([left, t, right], 1));
            at += t.sizes[1];
        }
        return scope.MoveToOuter(rows.Count == 0 ? zeros([1, 0], get_default_dtype()) : cat(rows, 0));
    }
}
