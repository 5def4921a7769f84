using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The product of two matrices.</summary>
        public Tensor mm(Tensor target)
        {
            if (Rank != 2 || target.Rank != 2) throw new ExternalException("self must be a matrix");
            return matmul(target);
        }

        /// <summary>The products of two batches of matrices.</summary>
        public Tensor bmm(Tensor batch2)
        {
            if (Rank != 3 || batch2.Rank != 3) throw new ExternalException("batch1 must be a 3D tensor");
            if (sizes[0] != batch2.sizes[0]) throw new ExternalException($"Expected size for first two dimensions of batch2 tensor to be: [{sizes[0]}, {sizes[2]}] but got: [{batch2.sizes[0]}, {batch2.sizes[1]}].");
            return matmul(batch2);
        }

        /// <summary>The matrix product: vectors, matrices, and batches of matrices that broadcast.</summary>
        public Tensor matmul(Tensor target)
        {
            if (type != target.type) throw new ExternalException($"expected m1 and m2 to have the same dtype, but got: {Names.Of(type)} != {Names.Of(target.type)}");
            if (Rank == 0 || target.Rank == 0) throw new ExternalException("both arguments to matmul need to be at least 1D");
            if (Rank == 1)
            {
                using Tensor row = unsqueeze(0), product = row.matmul(target);
                return product.squeeze(target.Rank == 1 ? 0 : -2);
            }
            if (target.Rank == 1)
            {
                using Tensor column = target.unsqueeze(1), product = matmul(column);
                return product.squeeze(-1);
            }
            long m = sizes[^2], k = sizes[^1], n = target.sizes[^1];
            if (k != target.sizes[^2])
                throw new ExternalException($"mat1 and mat2 shapes cannot be multiplied ({m}x{k} and {target.sizes[^2]}x{n})");
            ScalarType compute = Dtypes.Compute(type);
            Tensor result;
            using (Tensor a = Elementwise.As(this, compute))
            using (Tensor b = Elementwise.As(target, compute))
                result = MatMul.Run(a, b);
            if (compute != type) result = result.to_type(type, disposeAfter: true);
            if (!Tape.Records(this, target)) return result;
            long[] sa = sizes, sb = target.sizes;
            return Tape.Record(result, "MatmulBackward", [this, target], [target.requiresGrad ? this : null, requiresGrad ? target : null], (node, g) =>
            [
                node.Needs(0) ? Tape.SumTo(g.matmul(node.Saved(1).mT), sa) : null,
                node.Needs(1) ? MatMul.RightGradient(node.Saved(0), g, sb) : null,
            ]);
        }
    }

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    /// <summary>Products of batches by products of matrices.</summary>
    internal static class MatMul
    {
        /// <summary>a (.., m, k) @ b (.., k, n), broadcast over the leading dimensions.</summary>
        public static Tensor Run(Tensor a, Tensor b)
        {
            long m = a.sizes[^2], k = a.sizes[^1], n = b.sizes[^1];
            if (b.Rank == 2 && a.is_contiguous())
            {
                // One matrix on the right: the batch is more rows.
                using Tensor rows = a.Window(a.offset, [a.Count / Math.Max(k, 1), k], [k, 1], false);
                if (k == 0) return zeros([.. a.sizes[..^1], n], a.type);
                using Tensor product = Matrix.Product(rows, b);
                return product.Result([.. a.sizes[..^1], n], Shapes.ContiguousStrides([.. a.sizes[..^1], n]));
            }
            long[] batch = Shapes.Broadcast(a.sizes[..^2], b.sizes[..^2]);
            Tensor result = Tensor.Create([.. batch, m, n], a.type);
            long[] ea = Expand(a, batch), eb = Expand(b, batch);
            long count = Shapes.Numel(batch);
            if (a.type == ScalarType.Float32 && Batched(a, b, result, batch, ea, eb)) return result;
            for (long i = 0; i < count; i++)
            {
                using Tensor left = a.Window(a.offset + Offset(i, batch, ea), [m, k], a.strides[^2..], false);
                using Tensor right = b.Window(b.offset + Offset(i, batch, eb), [k, n], b.strides[^2..], false);
                using Tensor to = result.Window(i * m * n, [m, n], [n, 1], false);
                Matrix.Into(left, right, to, false);
            }
            return result;
        }

        /// <summary>One call for the whole batch where its products lie at even distances.</summary>
        static unsafe bool Batched(Tensor a, Tensor b, Tensor result, long[] batch, long[] ea, long[] eb)
        {
            if (Even(batch, ea) is not { } sa || Even(batch, eb) is not { } sb) return false;
            using Tensor left = Matrix.Readable(a), right = Matrix.Readable(b);
            if (left.buffer != a.buffer || right.buffer != b.buffer) return false;
            (long lda, bool ta) = Matrix.Layout(left);
            (long ldb, bool tb) = Matrix.Layout(right);
            long m = a.sizes[^2], k = a.sizes[^1], n = b.sizes[^1];
            Kernels.BatchedGemm.Run((int)Shapes.Numel(batch), (int)m, (int)n, (int)k, left.Ptr<float>(), (nint)sa, (nint)lda, ta,
                right.Ptr<float>(), (nint)sb, (nint)ldb, tb, result.Ptr<float>(), (nint)(m * n), (nint)n);
            return true;
        }

        /// <summary>The distance between neighbours of a batch when it is the same throughout.</summary>
        static long? Even(long[] shape, long[] strides)
        {
            long? step = null;
            long covered = 1;
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                if (shape[d] == 1) continue;
                if (step is null) step = strides[d];
                else if (strides[d] != step * covered) return null;
                covered *= shape[d];
            }
            return step ?? 0;
        }

        /// <summary>The gradient of the right factor; where it was one matrix for all, the sum over all rows is one product.</summary>
        public static Tensor RightGradient(Tensor a, Tensor g, long[] shape)
        {
            if (shape.Length > 2 || a.Rank == 2) return Tape.SumTo(a.mT.matmul(g), shape);
            Tensor rows = a.reshape(-1, a.sizes[^1]);
            return rows.mT.matmul(g.reshape(-1, g.sizes[^1]));
        }

        static long[] Expand(Tensor t, long[] batch)
        {
            using Tensor leading = t.Window(t.offset, t.sizes[..^2], t.strides[..^2], false);
            return Shapes.ExpandedStrides(leading, batch);
        }

        static long Offset(long index, long[] shape, long[] strides)
        {
            long offset = 0;
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                offset += index % shape[d] * strides[d];
                index /= shape[d];
            }
            return offset;
        }
    }
}
