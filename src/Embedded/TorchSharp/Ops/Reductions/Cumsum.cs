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
            return RunningSum(d, type ?? (Dtypes.IsFloating(this.type) ? this.type : ScalarType.Int64), false);
        }

        /// <summary>Sums from the first element on, or from the last one back; each is the gradient of the other.</summary>
        Tensor RunningSum(int d, ScalarType to, bool backward)
        {
            Tensor result = Running.Run<AddOperator>(this, d, to, backward);
            ScalarType from = type;
            return Tape.Records(this)
                ? Tape.Record(result, "CumsumBackward", [this], [], (_, g) => [g.RunningSum(d, g.type, !backward).to_type(from)])
                : result;
        }

        static Tensor Reversed(Tensor x, int d) => x.Rank == 0 ? x.unsqueeze(0).flip(0).squeeze(0) : x.flip(d);
    }

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);
}
