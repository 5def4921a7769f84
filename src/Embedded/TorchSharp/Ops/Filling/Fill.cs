using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Sets every element.</summary>
        public Tensor fill_(Scalar value)
        {
            if (Tape.Records(this)) Tape.BeforeRecordedInPlace(this);
            ScalarRange.Require(value, type);
            Tape.BeforeInPlace(this, false);
            using Tensor number = Numbers.Of(value, type);
            Copy.Elements(number, this);
            return Tape.Records(this) ? Tape.Record(this, "FillBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : this;
        }

        /// <summary>Sets every element to 0.</summary>
        public Tensor zero_() => fill_(0L);
    }
}
