using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Indexing by tensors of places, as NumPy and PyTorch define it.</summary>
    internal static class Advanced
    {
        /// <summary>Where the indexed elements are, and the shape of the result.</summary>
        sealed class Plan
        {
            /// <summary>Offsets in the window of every element of the result, in row-major order.</summary>
            public required long[] Offsets { get; init; }

            public required long[] Shape { get; init; }
        }

        public static Tensor Read(Tensor x, Tensor?[] indices)
        {
            Plan plan = Make(x, indices);
            Tensor result = Tensor.Create(plan.Shape, x.type);
            Gathering.Read(x, result, plan.Offsets);
            if (!Tape.Records(x)) return result;
            long[] from = x.sizes;
            long[] offsets = x.is_contiguous() ? plan.Offsets : Dense(x, indices);
            return Tape.Record(result, "IndexBackward", [x], [], (_, g) =>
            {
                Tensor whole = zeros(from, g.type);
                using Tensor dense = g.Dense();
                Gathering.Write(dense, 1, whole, offsets, true);
                return [whole];
            });
        }

        public static Tensor Write(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
        {
            if (Tape.Records(x, value)) Tape.BeforeRecordedInPlace(x);
            Tape.BeforeInPlace(x);
            Plan plan = Make(x, indices);
            using (Tensor converted = Elementwise.As(value, x.type))
            using (Tensor expanded = converted.Window(converted.offset, plan.Shape, Shapes.ExpandedStrides(converted, plan.Shape), false))
            using (Tensor dense = expanded.Dense())
                Gathering.Write(dense, 1, x, plan.Offsets, accumulate);
            if (!Tape.Records(x, value)) return x;
            long[] shape = value.sizes;
            Tensor?[] kept = indices.Select(i => i?.Hidden()).ToArray();
            return Tape.Record(x, "IndexPutBackward", [x, value], [], (n, g) =>
            {
                Tensor? mine = n.Needs(0) ? g : null;
                if (mine is not null && !accumulate) mine = Write(g.clone(), kept, zeros([], g.type), false);
                return [mine, n.Needs(1) ? Tape.SumTo(Read(g, kept), shape) : null];
            });
        }

        static long[] Dense(Tensor x, Tensor?[] indices)
        {
            using Tensor dense = x.Window(x.offset, x.sizes, Shapes.ContiguousStrides(x.sizes), false);
            return Make(dense, indices).Offsets;
        }

        static Plan Make(Tensor x, Tensor?[] indices)
        {
            var places = new List<long[]?>();
            var shapes = new List<long[]?>();
            foreach (Tensor? index in indices)
            {
                int d = places.Count;
                if (index is null)
                {
                    places.Add(null);
                    shapes.Add(null);
                }
                else if (index.type is ScalarType.Bool or ScalarType.Byte) AddMask(x, index, d, places, shapes);
                else
                {
                    if (d >= x.Rank) throw new ExternalException($"too many indices for tensor of dimension {x.Rank}");
                    places.Add(Gathering.Indices(index, x.sizes[d], true));
                    shapes.Add(index.sizes);
                }
            }
            if (places.Count > x.Rank) throw new ExternalException($"too many indices for tensor of dimension {x.Rank}");
            while (places.Count < x.Rank)
            {
                places.Add(null);
                shapes.Add(null);
            }
            return Combine(x, places, shapes);
        }

        static void AddMask(Tensor x, Tensor mask, int d, List<long[]?> places, List<long[]?> shapes)
        {
            for (int i = 0; i < mask.Rank; i++)
                if (d + i >= x.Rank || mask.sizes[i] != x.sizes[d + i])
                    throw new ExternalException($"The shape of the mask [{Shapes.Text(mask.sizes)}] at index {i} does not match the shape of the indexed tensor [{Shapes.Text(x.sizes)}] at index {d + i}");
            using Tensor hits = mask.nonzero();
            long n = hits.sizes[0];
            for (int i = 0; i < mask.Rank; i++)
            {
                using Tensor column = hits.Window(i, [n], [mask.Rank], false);
                places.Add(Gathering.Indices(column, Math.Max(x.sizes[d + i], 1), false));
                shapes.Add([n]);
            }
        }

        static Plan Combine(Tensor x, List<long[]?> places, List<long[]?> shapes)
        {
            long[] broadcast = [];
            foreach (long[]? s in shapes)
                if (s is not null) broadcast = Shapes.Broadcast(broadcast, s);
            long hits = Shapes.Numel(broadcast);
            var indexed = new long[hits];
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
                AddTo(indexed, broadcast, at, shapes[d]!, x.strides[d]);
            }
            // The indexed dimensions stay where they are when they are neighbours; otherwise they come first.
            int lead = first >= 0 && last - first + 1 == count ? first : 0;
            List<int> before = rest.Where(d => d < lead).ToList(), after = rest.Where(d => d >= lead).ToList();
            long[] leading = Offsets(x, before), trailing = Offsets(x, after);
            var offsets = new long[leading.Length * hits * trailing.Length];
            long to = 0;
            foreach (long a in leading)
                foreach (long b in indexed)
                    foreach (long c in trailing)
                        offsets[to++] = a + b + c;
            return new Plan { Offsets = offsets, Shape = [.. before.Select(d => x.sizes[d]), .. broadcast, .. after.Select(d => x.sizes[d])] };
        }

        static void AddTo(long[] offsets, long[] shape, long[] places, long[] placesShape, long stride)
        {
            long[] strides = Shapes.ContiguousStrides(placesShape);
            int shift = shape.Length - placesShape.Length;
            for (long i = 0; i < offsets.Length; i++)
            {
                long rest = i, at = 0;
                for (int d = shape.Length - 1; d >= 0; d--)
                {
                    long here = rest % shape[d];
                    rest /= shape[d];
                    if (d >= shift && placesShape[d - shift] != 1) at += here * strides[d - shift];
                }
                offsets[i] += places[at] * stride;
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
