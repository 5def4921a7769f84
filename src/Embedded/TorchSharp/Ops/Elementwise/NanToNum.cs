using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Numbers in place of NaN and the infinities; those not given are the type's largest and smallest.</summary>
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null)
        {
            if (!Dtypes.IsFloating(type)) return clone();
            double largest = type switch { ScalarType.Float64 => double.MaxValue, ScalarType.Float16 => 65504, ScalarType.BFloat16 => 3.3895313892515355e38, _ => float.MaxValue };
            using DisposeScope scope = NewDisposeScope();
            Tensor result;
            using (IDisposable mode = no_grad())
                result = masked_fill(isnan(), nan).masked_fill(isposinf(), posinf ?? largest).masked_fill(isneginf(), neginf ?? -largest);
            if (Tape.Records(this)) Tape.Record(result, "NanToNumBackward", [this], [isfinite()], (n, g) => [g.mul(n.Saved(0))]);
            return scope.MoveToOuter(result);
        }
    }

    public static Tensor nan_to_num(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) => input.nan_to_num(nan, posinf, neginf);
}
