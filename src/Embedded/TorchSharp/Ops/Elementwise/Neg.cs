using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Each element negated.</summary>
        public Tensor neg()
        {
            using Tensor minus = Numbers.Of(-1L, type == ScalarType.Bool ? throw new ExternalException("Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.") : type);
            Tensor result = Elementwise.Binary<MulOperator>(this, minus, type);
            return Tape.Records(this) ? Tape.Record(result, "NegBackward", [this], [], (_, g) => [g.neg()]) : result;
        }

        public Tensor negative() => neg();

        public Tensor neg_() => mul_(-1L);

        /// <summary>Writes an operation's result over this tensor, which takes its place in the graph.</summary>
        Tensor Replace(Tensor result)
        {
            if (!Dtypes.CanCast(result.type, type))
                throw new ExternalException($"result type {Names.Of(result.type)} can't be cast to the desired output type {Names.Of(type)}");
            if (result.requiresGrad) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            using (result)
            {
                Copy.Elements(result, this);
                return result.requiresGrad ? Tape.Record(this, "InPlaceBackward", [result], [], (_, g) => [g]) : this;
            }
        }
    }

    public static Tensor neg(Tensor input) => input.neg();

    public static Tensor neg_(Tensor input) => input.neg_();

    public static Tensor negative(Tensor input) => input.negative();

    public static Tensor negative_(Tensor input) => input.neg_();
}
