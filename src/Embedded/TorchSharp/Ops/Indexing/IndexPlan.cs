using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// Where the elements are that tensors of places name, as NumPy and PyTorch define it: element (a, b, c) of the result,
    /// in row-major order, lies at Leading[a] + Indexed[b] + Trailing[c] of the window.
    /// </summary>
    internal sealed class IndexPlan
    {
        readonly List<long[]?> places = [];
        readonly List<long[]?> shapes = [];

        IndexPlan()
        {
        }

        public long[] Leading { get; private set; } = [];

        public long[] Indexed { get; private set; } = [];

        public long[] Trailing { get; private set; } = [];

        /// <summary>The result's shape.</summary>
        public long[] Shape { get; private set; } = [];

        /// <summary>True when the trailing dimensions are one run of memory.</summary>
        public bool IsRun { get; private set; }

        /// <param name="x">The window.</param>
        /// <param name="indices">A tensor of places or a mask for each dimension (a mask for as many as it has), null for all of it.</param>
        public static IndexPlan Of(Tensor x, Tensor?[] indices)
        {
            var plan = new IndexPlan();
            foreach (Tensor? index in indices) plan.Add(x, index);
            if (plan.places.Count > x.Rank) throw TooMany(x);
            while (plan.places.Count < x.Rank) plan.Add(x, null);
            plan.Combine(x);
            return plan;
        }

        static ExternalException TooMany(Tensor x) => new($"too many indices for tensor of dimension {x.Rank}");

        void Add(Tensor x, Tensor? index)
        {
            int d = places.Count;
            if (index is null)
            {
                places.Add(null);
                shapes.Add(null);
                return;
            }

            if (index.type is ScalarType.Bool or ScalarType.Byte)
            {
                AddMask(x, index, d);
                return;
            }

            if (index.type is not (ScalarType.Int64 or ScalarType.Int32)) throw new ExternalException("tensors used as indices must be long, int, byte or bool tensors");
            if (d >= x.Rank) throw TooMany(x);
            long size = x.sizes[d];
            places.Add(Gathering.Indices(index, size, true, i => $"index {i} is out of bounds for dimension {d} with size {size}"));
            shapes.Add(index.sizes);
        }

        void AddMask(Tensor x, Tensor mask, int d)
        {
            for (int i = 0; i < mask.Rank; i++)
            {
                if (d + i >= x.Rank) throw TooMany(x);
                if (mask.sizes[i] != x.sizes[d + i])
                    throw new ExternalException($"The shape of the mask [{Shapes.Text(mask.sizes)}] at index {i} does not match the shape of the indexed tensor [{Shapes.Text(x.sizes)}] at index {d + i}");
            }

            using Tensor hits = mask.nonzero();
            long n = hits.sizes[0];
            for (int i = 0; i < mask.Rank; i++)
            {
                using Tensor column = hits.Window(i, [n], [mask.Rank], false);
                places.Add(Gathering.Indices(column, Math.Max(x.sizes[d + i], 1), false, at => $"index {at} is out of bounds"));
                shapes.Add([n]);
            }
        }

        void Combine(Tensor x)
        {
            long[] broadcast = Common();
            var indexed = new long[Shapes.Numel(broadcast)];
            var rest = new List<int>();
            int first = -1, last = -1, count = 0;
            for (int d = 0; d < places.Count; d++)
            {
                if (places[d] is not { } at)
                {
                    rest.Add(d);
                    continue;
                }

                if (first < 0) first = d;
                last = d;
                count++;
                Spread(indexed, broadcast, at, shapes[d]!, x.strides[d]);
            }

            // The indexed dimensions stay where they are when they are neighbours; otherwise they come first.
            int lead = first >= 0 && last - first + 1 == count ? first : 0;
            List<int> before = rest.Where(d => d < lead).ToList(), after = rest.Where(d => d >= lead).ToList();
            (Leading, Indexed, Trailing) = (Offsets(x, before), indexed, Offsets(x, after));
            IsRun = Shapes.IsContiguous(after.Select(d => x.sizes[d]).ToArray(), after.Select(d => x.strides[d]).ToArray());
            Shape = [.. before.Select(d => x.sizes[d]), .. broadcast, .. after.Select(d => x.sizes[d])];
        }

        long[] Common()
        {
            long[] broadcast = [];
            try
            {
                foreach (long[]? s in shapes)
                    if (s is not null) broadcast = Shapes.Broadcast(broadcast, s);
            }
            catch (ExternalException e)
            {
                throw new ExternalException($"shape mismatch: indexing tensors could not be broadcast together with shapes {string.Join(", ", shapes.Where(s => s is not null).Select(s => $"[{Shapes.Text(s)}]"))}", e);
            }

            return broadcast;
        }

        static void Spread(long[] offsets, long[] shape, long[] at, long[] atShape, long stride)
        {
            if (shape.AsSpan().SequenceEqual(atShape))
            {
                for (int i = 0; i < offsets.Length; i++) offsets[i] += at[i] * stride;
                return;
            }

            long[] strides = Shapes.ContiguousStrides(atShape);
            int shift = shape.Length - atShape.Length;
            for (long i = 0; i < offsets.Length; i++)
            {
                long rest = i, from = 0;
                for (int d = shape.Length - 1; d >= 0; d--)
                {
                    long here = rest % shape[d];
                    rest /= shape[d];
                    if (d >= shift && atShape[d - shift] != 1) from += here * strides[d - shift];
                }

                offsets[i] += at[from] * stride;
            }
        }

        static long[] Offsets(Tensor x, List<int> dims)
        {
            long[] result = [0];
            foreach (int d in dims)
            {
                var next = new long[result.Length * x.sizes[d]];
                long to = 0;
                foreach (long a in result)
                    for (long i = 0; i < x.sizes[d]; i++) next[to++] = a + i * x.strides[d];
                result = next;
            }

            return result;
        }
    }
}
