using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Tensors of more dimensions are rare: nothing is kept for them.</summary>
        const int MostSwaps = 8;

        static readonly BackwardRule?[] swaps = new BackwardRule?[MostSwaps * MostSwaps];

        /// <summary>The same memory in another shape; one dimension may be -1.</summary>
        public Tensor view(params long[] shape)
        {
            Check();
            long[] target = Shapes.Infer(shape, Count);
            long[] newStrides = ViewStrides(target)
                ?? throw new ExternalException("view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
            return Reshaped(target, newStrides);
        }

        public Tensor view_as(Tensor other) => view(other.sizes);

        /// <summary>Another shape: a view where the strides allow it, otherwise a copy.</summary>
        public Tensor reshape(params long[] shape)
        {
            Check();
            long[] target = Shapes.Infer(shape, Count);
            return ViewStrides(target) is { } newStrides ? Reshaped(target, newStrides) : contiguous().view(target);
        }

        Tensor Reshaped(long[] target, long[] newStrides)
        {
            return View(offset, target, newStrides, "ViewBackward", static (n, g) => [g.reshape((long[])n.State!)], state: sizes);
        }

        long[]? ViewStrides(long[] target)
        {
            if (is_contiguous()) return Shapes.ContiguousStrides(target);
            if (Count == 0) return Shapes.ContiguousStrides(target);
            var result = new long[target.Length];
            int to = target.Length - 1;
            long chunk = 1, stride = strides[^1];
            for (int d = sizes.Length - 1; d >= 0; d--)
            {
                chunk *= sizes[d];
                if (d > 0 && (sizes[d - 1] == 1 || strides[d - 1] == chunk * stride)) continue; // one run of memory goes on
                long covered = 1;
                while (to >= 0 && (covered < chunk || target[to] == 1))
                {
                    result[to] = covered * stride;
                    covered *= target[to];
                    to--;
                }
                if (covered != chunk) return null;
                if (d == 0) continue;
                chunk = 1;
                stride = strides[d - 1];
            }
            return to == -1 ? result : null;
        }

        /// <summary>Swaps two dimensions.</summary>
        public Tensor transpose(long dim0, long dim1)
        {
            int a = Shapes.Dim(dim0, Rank), b = Shapes.Dim(dim1, Rank);
            return View(offset, Swapped(sizes, a, b), Swapped(strides, a, b), "TransposeBackward", Swapping(a, b));
        }

        static long[] Swapped(long[] values, int a, int b)
        {
            if (a == b) return values;
            Span<long> swapped = values.Length <= MostSwaps ? stackalloc long[MostSwaps] : new long[values.Length];
            swapped = swapped[..values.Length];
            values.CopyTo(swapped);
            (swapped[a], swapped[b]) = (swapped[b], swapped[a]);
            return ShapeCache.Of(swapped);
        }

        /// <summary>The derivative of a swap of two dimensions: one object for each pair.</summary>
        static BackwardRule Swapping(int a, int b) => a >= MostSwaps || b >= MostSwaps ? NewSwap(a, b) : swaps[a * MostSwaps + b] ??= NewSwap(a, b);

        static BackwardRule NewSwap(int a, int b) => (_, g) => [g.transpose(a, b)];

        /// <summary>A matrix transposed.</summary>
        public Tensor t()
        {
            if (Rank > 2) throw new ExternalException($"t() expects a tensor with <= 2 dimensions, but self is {Rank}D");
            return Rank < 2 ? alias() : transpose(0, 1);
        }

        /// <summary>The dimensions reversed.</summary>
        public Tensor T => permute(Enumerable.Range(0, Rank).Select(d => (long)(Rank - 1 - d)).ToArray());

        /// <summary>The last two dimensions swapped.</summary>
        public Tensor mT => Rank >= 2 ? transpose(-2, -1)
            : throw new ExternalException($"tensor.mT is only supported on matrices or batches of matrices. Got {Rank}-D tensor.");

        /// <summary>A matrix transposed: numbers here are real.</summary>
        public Tensor H => Rank is 0 or 2 ? (Rank == 0 ? alias() : transpose(0, 1))
            : throw new ExternalException($"tensor.H is only supported on matrices (2-D tensors). Got {Rank}-D tensor.{(Rank > 2 ? " For batches of matrices, consider using tensor.mH" : "")}");

        /// <summary>The last two dimensions swapped: numbers here are real.</summary>
        public Tensor mH => Rank >= 2 ? transpose(-2, -1)
            : throw new ExternalException($"tensor.mH is only supported on matrices or batches of matrices. Got {Rank}-D tensor.");

        /// <inheritdoc cref="mH"/>
        public Tensor adjoint() => Rank == 1
            ? throw new ExternalException("tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor.")
            : Rank == 0 ? alias() : transpose(-2, -1);

        /// <summary>The dimensions in another order.</summary>
        public Tensor permute(params long[] permutation)
        {
            if (permutation.Length != Rank)
                throw new ExternalException($"permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = {Rank} is not equal to len(dims) = {permutation.Length}");
            long[] newSizes = new long[Rank], newStrides = new long[Rank], back = new long[Rank];
            var seen = new bool[Rank];
            for (int d = 0; d < Rank; d++)
            {
                int from = Shapes.Dim(permutation[d], Rank);
                if (seen[from]) throw new ExternalException("permute(): duplicate dims are not allowed.");
                seen[from] = true;
                newSizes[d] = sizes[from];
                newStrides[d] = strides[from];
                back[from] = d;
            }
            return View(offset, newSizes, newStrides, "PermuteBackward", (_, g) => [g.permute(back)]);
        }

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        /// <summary>A new dimension of size 1.</summary>
        public Tensor unsqueeze(long dim)
        {
            int at = Shapes.Dim(dim, Rank + 1);
            var newSizes = sizes.ToList();
            var newStrides = strides.ToList();
            newSizes.Insert(at, 1);
            newStrides.Insert(at, at < Rank ? sizes[at] * strides[at] : 1);
            return View(offset, [.. newSizes], [.. newStrides], "UnsqueezeBackward", (_, g) => [g.squeeze(at)]);
        }

        /// <summary>Drops a dimension of size 1, or all such.</summary>
        public Tensor squeeze(long? dim = null)
        {
            int only = dim is { } d0 ? Shapes.Dim(d0, Rank) : -1;
            var newSizes = new List<long>();
            var newStrides = new List<long>();
            for (int d = 0; d < Rank; d++)
            {
                if (sizes[d] == 1 && (only < 0 || only == d)) continue;
                newSizes.Add(sizes[d]);
                newStrides.Add(strides[d]);
            }
            return View(offset, [.. newSizes], [.. newStrides], "SqueezeBackward", static (n, g) => [g.reshape((long[])n.State!)], state: sizes);
        }

        /// <summary>Repeats dimensions of size 1 without copying; -1 keeps a size.</summary>
        public Tensor expand(params long[] sizes) => Expanded(sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Expanded(sizes);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Expanded(sizes.ToArray());

        public Tensor expand(Size sizes, bool isImplicit = false) => Expanded(sizes.Shape);

        public Tensor expand_as(Tensor other) => Expanded(other.sizes);

        public Tensor broadcast_to(params long[] shape) => Expanded(shape);

        Tensor Expanded(long[] target)
        {
            long[] full = (long[])target.Clone();
            int shift = full.Length - Rank;
            if (shift < 0)
                throw new ExternalException($"expand(torch.{Names.Of(type)}Tensor{{[{Shapes.Text(sizes)}]}}, size=[{Shapes.Text(target)}]): the number of sizes provided ({full.Length}) must be greater or equal to the number of dimensions in the tensor ({Rank})");
            for (int d = 0; d < full.Length; d++)
            {
                if (full[d] == -1 && d >= shift) full[d] = sizes[d - shift];
                if (full[d] < 0) throw new ExternalException($"The expanded size of the tensor ({full[d]}) isn't allowed in a leading, non-existing dimension {d}");
            }

            return View(offset, full, Shapes.ExpandedStrides(this, full), "ExpandBackward", static (n, g) => [Tape.SumTo(g, (long[])n.State!)], state: sizes);
        }

        /// <summary>Merges the dimensions from <paramref name="start_dim"/> to <paramref name="end_dim"/>.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1)
        {
            if (Rank == 0) return reshape(1);
            int a = Shapes.Dim(start_dim, Rank), b = Shapes.Dim(end_dim, Rank);
            if (a > b) throw new ExternalException("flatten() has invalid args: start_dim cannot come after end_dim");
            return reshape([.. sizes[..a], Shapes.Numel(sizes.AsSpan(a, b - a + 1)), .. sizes[(b + 1)..]]);
        }

        public Tensor ravel() => reshape(-1);

        /// <summary>Splits a dimension in several; one of them may be -1.</summary>
        public Tensor unflatten(long dim, params long[] sizes)
        {
            ArgumentNullException.ThrowIfNull(sizes);
            int at = Shapes.Dim(dim, Rank);
            if (sizes.Length == 0) throw new ExternalException("unflatten: sizes must be non-empty");
            long known = sizes.Where(s => s != -1).Aggregate(1L, (a, b) => a * b), along = this.sizes[at];
            if (sizes.Contains(-1) ? known == 0 || along % known != 0 : known != along)
                throw new ExternalException($"unflatten: Provided sizes [{Shapes.Text(sizes)}] don't multiply up to the size of dim {at} ({along}) in the input tensor");
            return view([.. this.sizes[..at], .. Shapes.Infer(sizes, along), .. this.sizes[(at + 1)..]]);
        }

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        /// <summary>The same tensor under another handle.</summary>
        public Tensor alias() => View(offset, sizes, strides, "AliasBackward", (_, g) => [g]);
    }

    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);

    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);

    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);

    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);

    public static Tensor ravel(Tensor input) => input.ravel();

    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);

    public static Tensor unflatten(Tensor input, long dim, Size sizes) => input.unflatten(dim, sizes);
}
