using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Tensors one behind the other along a dimension.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0) throw new ArgumentException("The list of tensors cannot be empty.");
        List<Tensor> parts = tensors.Where(t => !(t.Rank == 1 && t.sizes[0] == 0)).ToList();
        if (parts.Count == 0) parts = [tensors[0]];
        int d = Shapes.Dim(dim, parts[0].Rank);
        if (parts[0].Rank == 0) throw new ExternalException("zero-dimensional tensor (at position 0) cannot be concatenated");
        ScalarType type = parts[0].type;
        long[] shape = parts[0].shape;
        shape[d] = 0;
        foreach (Tensor t in parts)
        {
            type = Dtypes.Promote(type, t.type);
            if (t.Rank != shape.Length) throw new ExternalException($"Tensors must have same number of dimensions: got {shape.Length} and {t.Rank}");
            for (int i = 0; i < shape.Length; i++)
                if (i != d && t.sizes[i] != shape[i])
                    throw new ExternalException($"Sizes of tensors must match except in dimension {d}. Expected size {shape[i]} but got size {t.sizes[i]} for tensor number {parts.IndexOf(t)} in the list.");
            shape[d] += t.sizes[d];
        }
        Tensor result = Tensor.Create(shape, type);
        var lengths = new long[parts.Count];
        long at = 0;
        bool record = false;
        for (int i = 0; i < parts.Count; i++)
        {
            lengths[i] = parts[i].sizes[d];
            using Tensor place = result.Window(at * result.strides[d], parts[i].sizes, result.strides, false);
            Copy.Elements(parts[i], place);
            at += lengths[i];
            record |= Tape.Records(parts[i]);
        }
        if (!record) return result;
        return Tape.Record(result, "CatBackward", [.. parts], [], (n, g) =>
        {
            var grads = new Tensor?[lengths.Length];
            long from = 0;
            for (int i = 0; i < grads.Length; i++)
            {
                if (n.Needs(i)) grads[i] = g.narrow(d, from, lengths[i]);
                from += lengths[i];
            }
            return grads;
        });
    }

    public static Tensor cat(Tensor[] tensors, long dim = 0) => cat((IList<Tensor>)tensors, dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat((IList<Tensor>)tensors.ToArray(), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <summary>Tensors of one shape along a new dimension.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        List<Tensor> whole = [.. tensors];
        if (whole.Count == 0) throw new ExternalException("stack expects a non-empty TensorList");
        for (int i = 1; i < whole.Count; i++)
            if (!whole[i].sizes.AsSpan().SequenceEqual(whole[0].sizes))
                throw new ExternalException($"stack expects each tensor to be equal size, but got [{Shapes.Text(whole[0].sizes)}] at entry 0 and [{Shapes.Text(whole[i].sizes)}] at entry {i}");
        List<Tensor> parts = whole.Select(t => t.unsqueeze(Shapes.Dim(dim, t.Rank + 1))).ToList();
        Tensor result = cat(parts, Shapes.Dim(dim, parts[0].Rank));
        foreach (Tensor t in parts) t.Dispose();
        return result;
    }

    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    public static Tensor concatenate(ReadOnlySpan<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    public static Tensor concatenate(Tensor[] tensors, long axis = 0) => cat(tensors, axis);
}
