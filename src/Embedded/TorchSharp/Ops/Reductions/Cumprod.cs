using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Running products along a dimension.</summary>
        public Tensor cumprod(long dim, ScalarType? type = null)
        {
            int d = Shapes.Dim(dim, Rank);
            ScalarType to = type ?? (Dtypes.IsFloating(this.type) ? this.type : ScalarType.Int64);
            Tensor result = Running.Run<MulOperator>(this, d, to);
            if (!Tape.Records(this)) return result;
            ScalarType from = this.type;
            return Tape.Record(result, "CumprodBackward", [this], [this], (n, g) => [Running.ProductGradient(n.Saved(0), g, d).to_type(from)]);
        }
    }

    public static Tensor cumprod(Tensor input, long dim, ScalarType? dtype = null) => input.cumprod(dim, dtype);
}
