using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>This tensor's elements where the condition holds, elsewhere those of <paramref name="y"/>.</summary>
        public Tensor where(Tensor condition, Tensor y) => torch.where(condition, this, y);

        /// <summary>A number in place of the elements where the mask holds.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value)
        {
            RequireMask(mask);
            ScalarRange.Require(value, type);
            long[] shape = Shapes.Broadcast(sizes, mask.sizes);
            Tensor result = Create(shape, type);
            Copy.Elements(this, result);
            using (Tensor number = Numbers.Of(value, type)) Selection.Fill(result, mask, number);
            if (!Tape.Records(this)) return result;
            long[] from = sizes;
            return Tape.Record(result, "MaskedFillBackward", [this], [mask], (n, g) => [Tape.SumTo(g.masked_fill(n.Saved(0), 0L), from)]);
        }

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            RequireMask(mask);
            ScalarRange.Require(value, type);
            if (Tape.Records(this)) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            using (Tensor number = Numbers.Of(value, type)) Selection.Fill(this, mask, number);
            return Tape.Records(this)
                ? Tape.Record(this, "MaskedFillBackward", [this], [mask], (n, g) => [g.masked_fill(n.Saved(0), 0L)])
                : this;
        }

        static void RequireMask(Tensor mask)
        {
            if (mask.type != ScalarType.Bool) throw new ExternalException($"masked_fill_ only supports boolean masks, but got mask with dtype {Names.Of(mask.type)}");
        }
    }

    /// <summary>x's elements where the condition holds, elsewhere y's; all broadcast.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y)
    {
        if (condition.type != ScalarType.Bool)
            throw new ExternalException($"where expected condition to be a boolean tensor, but got a tensor with dtype {Names.Of(condition.type)}");
        ScalarType type = Dtypes.Result(x, y);
        Tensor result = Tensor.Create(Shapes.Broadcast(condition.sizes, Shapes.Broadcast(x.sizes, y.sizes)), type);
        if (!Selection.Choose(result, condition, x, y))
        {
            Copy.Elements(y, result);
            using Tensor source = Elementwise.As(x, type);
            Selection.Fill(result, condition, source);
        }
        if (!Tape.Records(x, y)) return result;
        long[] a = x.sizes, b = y.sizes;
        return Tape.Record(result, "WhereBackward", [x, y], [condition], (n, g) =>
        [
            n.Needs(0) ? Tape.SumTo(where(n.Saved(0), g, zeros([], g.type)), a) : null,
            n.Needs(1) ? Tape.SumTo(where(n.Saved(0), zeros([], g.type), g), b) : null,
        ]);
    }

    /// <summary>The places where the condition holds, an index tensor a dimension.</summary>
    public static Tensor[] where(Tensor condition)
    {
        using Tensor places = condition.nonzero();
        var result = new Tensor[condition.Rank];
        for (int d = 0; d < result.Length; d++)
        {
            using Tensor column = places.select(1, d);
            result[d] = column.contiguousCopy();
        }
        return result;
    }
}
