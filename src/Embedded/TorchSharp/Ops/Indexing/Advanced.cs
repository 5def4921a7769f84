using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Reads and writes at the places that tensors name.</summary>
    internal static class Advanced
    {
        public static Tensor Read(Tensor x, Tensor?[] indices)
        {
            IndexPlan plan = IndexPlan.Of(x, indices);
            Tensor result = Tensor.Create(plan.Shape, x.type);
            IndexedCopies.Read(x, plan, result);
            if (!Tape.Records(x)) return result;
            long[] from = x.sizes;
            Tensor?[] kept = Kept(indices);
            return Tape.Record(result, "IndexBackward", [x], [], (_, g) => [Write(zeros(from, g.type), kept, g, true)]);
        }

        public static Tensor Write(Tensor x, Tensor?[] indices, Tensor value, bool accumulate)
        {
            if (value.type != x.type)
                throw new ExternalException($"Index put requires the source and destination dtypes match, got {Names.Of(x.type)} for the destination and {Names.Of(value.type)} for the source.");
            IndexPlan plan = IndexPlan.Of(x, indices);
            if (!Fits(value.sizes, plan.Shape))
                throw new ExternalException($"shape mismatch: value tensor of shape [{Shapes.Text(value.sizes)}] cannot be broadcast to indexing result of shape [{Shapes.Text(plan.Shape)}]");
            if (Tape.Records(x, value)) Tape.BeforeRecordedInPlace(x);
            Tape.BeforeInPlace(x);
            using (Tensor expanded = value.Window(value.offset, plan.Shape, Shapes.ExpandedStrides(value, plan.Shape), false))
            using (Tensor dense = expanded.Dense())
                IndexedCopies.Write(dense, plan, x, accumulate);
            if (!Tape.Records(x, value)) return x;
            long[] shape = value.sizes;
            Tensor?[] kept = Kept(indices);
            return Tape.Record(x, "IndexPutBackward", [x, value], [], (n, g) =>
            [
                !n.Needs(0) ? null : accumulate ? g : Write(g.clone(), kept, zeros([], g.type), false),
                n.Needs(1) ? Tape.SumTo(Read(g, kept), shape) : null,
            ]);
        }

        static Tensor?[] Kept(Tensor?[] indices) => Array.ConvertAll(indices, i => i?.Hidden());

        static bool Fits(long[] value, long[] shape)
        {
            int shift = shape.Length - value.Length;
            if (shift < 0) return false;
            for (int d = 0; d < value.Length; d++)
                if (value[d] != 1 && value[d] != shape[d + shift]) return false;
            return true;
        }
    }
}
