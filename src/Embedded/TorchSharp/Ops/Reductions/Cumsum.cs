using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Running sums along a dimension.</summary>
        public Tensor cumsum(long dim, ScalarType? type = null)
        {
            int d = Shapes.Dim(dim, Rank);
            ScalarType to = type ?? (Dtypes.IsFloating(this.type) ? this.type : ScalarType.Int64);
            Tensor result = Running.Run<AddOperator>(this, d, to);
            ScalarType from = this.type;
            return Tape.Records(this)
                ? Tape.Record(result, "CumsumBackward", [this], [], (_, g) => [Reversed(Reversed(g, d).cumsum(d), d).to_type(from)])
                : result;
        }

        static Tensor Reversed(Tensor x, int d) => x.Rank == 0 ? x.unsqueeze(0).flip(0).squeeze(0) : x.flip(d);
    }

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);
}
