using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct LogitOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Log(x / (T.One - x));
    }

    public partial class Tensor
    {
        /// <summary>ln(x / (1 - x)), x first held within [eps, 1 - eps] where eps is given.</summary>
        public Tensor logit(double? eps = null)
        {
            if (eps is { } e && e >= 0)
            {
                using Tensor wide = Dtypes.IsFloating(type) ? alias() : to_type(get_default_dtype()), held = wide.clamp(e, 1 - e);
                return held.logit();
            }
            Tensor result = Elementwise.Unary<LogitOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "LogitBackward", [this], [this], (n, g) => [g.div(n.Saved(0).mul(n.Saved(0).neg().add(1)))]) : result;
        }
    }

    public static Tensor logit(Tensor input, double? eps = null) => input.logit(eps);
}
