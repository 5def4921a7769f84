using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Every product of an element of this vector with one of another.</summary>
        public Tensor outer(Tensor vec2)
        {
            if (Rank != 1) throw new ExternalException($"outer: Expected 1-D argument self, but got {Rank}-D");
            if (vec2.Rank != 1) throw new ExternalException($"outer: Expected 1-D argument vec2, but got {vec2.Rank}-D");
            using Tensor column = unsqueeze(1);
            return column.mul(vec2);
        }

        public Tensor ger(Tensor vec2) => outer(vec2);

        /// <summary>The sums of products over the last dimension of both.</summary>
        public Tensor inner(Tensor vec2)
        {
            if (Rank == 0 || vec2.Rank == 0) return mul(vec2);
            if (sizes[^1] != vec2.sizes[^1])
                throw new ExternalException($"inner() the last dimension must match on both input tensors but got shapes [{Shapes.Text(sizes)}] and [{Shapes.Text(vec2.sizes)}]");
            return tensordot(vec2, [Rank - 1], [vec2.Rank - 1]);
        }

        /// <summary>The sum of products of two vectors.</summary>
        public Tensor dot(Tensor target)
        {
            if (Rank != 1 || target.Rank != 1) throw new ExternalException($"1D tensors expected, but got {Rank}D and {target.Rank}D tensors");
            if (type != target.type) throw new ExternalException($"dot : expected both vectors to have same dtype, but found {Names.Of(type)} and {Names.Of(target.type)}");
            if (Count != target.Count) throw new ExternalException($"inconsistent tensor size, expected tensor [{Count}] and src [{target.Count}] to have the same number of elements, but got {Count} and {target.Count} elements respectively");
            return matmul(target);
        }

        /// <summary>As <see cref="dot"/>: real numbers are their own conjugates.</summary>
        public Tensor vdot(Tensor target) => dot(target);

        /// <summary>The product of a matrix and a vector.</summary>
        public Tensor mv(Tensor target)
        {
            if (Rank != 2 || target.Rank != 1) throw new ExternalException($"vector + matrix @ vector expected, got 1, {Rank}, {target.Rank}");
            if (sizes[1] != target.sizes[0]) throw new ExternalException($"size mismatch, got input ({sizes[0]}), mat ({sizes[0]}x{sizes[1]}), vec ({target.sizes[0]})");
            return matmul(target);
        }

        /// <summary>The sums of products over the last <paramref name="dims"/> dimensions of this and the first of the other.</summary>
        public Tensor tensordot(Tensor b, long dims = 2)
        {
            if (dims < 0) throw new ExternalException($"tensordot expects dims >= 0, but got dims={dims}");
            if (dims > Math.Min(Rank, b.Rank)) throw new ExternalException($"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}");
            return tensordot(b, Enumerable.Range(0, (int)dims).Select(i => Rank - dims + i).ToArray(), Enumerable.Range(0, (int)dims).Select(i => (long)i).ToArray());
        }

        /// <summary>The sums of products over pairs of dimensions.</summary>
        public Tensor tensordot(Tensor b, (long, long)[] dims) => tensordot(b, dims.Select(d => d.Item1).ToArray(), dims.Select(d => d.Item2).ToArray());

        /// <summary>The sums of products over dimensions of both; what is left of this tensor comes first.</summary>
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2)
        {
            if (dims1.Length != dims2.Length) throw new ExternalException("both dimension lists should have same length");
            int[] one = dims1.Select(d => Shapes.Dim(d, Rank)).ToArray(), two = dims2.Select(d => Shapes.Dim(d, b.Rank)).ToArray();
            for (int i = 0; i < one.Length; i++)
                if (sizes[one[i]] != b.sizes[two[i]])
                    throw new ExternalException($"contracted dimensions need to match, but first has size {sizes[one[i]]} in dim {dims1[i]} and second has size {b.sizes[two[i]]} in dim {dims2[i]}");
            long[] left = Enumerable.Range(0, Rank).Where(d => !one.Contains(d)).Select(d => (long)d).ToArray();
            long[] right = Enumerable.Range(0, b.Rank).Where(d => !two.Contains(d)).Select(d => (long)d).ToArray();
            long inner = Shapes.Numel(one.Select(d => sizes[d]).ToArray());
            using DisposeScope scope = NewDisposeScope();
            Tensor x = permute([.. left, .. one.Select(d => (long)d)]).reshape(Shapes.Numel(left.Select(d => sizes[d]).ToArray()), inner);
            Tensor y = b.permute([.. two.Select(d => (long)d), .. right]).reshape(inner, Shapes.Numel(right.Select(d => b.sizes[d]).ToArray()));
            return scope.MoveToOuter(x.matmul(y).reshape([.. left.Select(d => sizes[d]), .. right.Select(d => b.sizes[d])]));
        }
    }

    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    public static Tensor ger(Tensor input, Tensor vec2) => input.ger(vec2);

    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);

    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);

    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);

    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);

    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);
}
