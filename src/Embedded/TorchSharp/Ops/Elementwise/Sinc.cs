using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct SincOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x == T.Zero ? T.One : T.Sin(x * T.Pi) / (x * T.Pi);
    }

    public partial class Tensor
    {
        /// <summary>sin(pi x) / (pi x), 1 at 0.</summary>
        public Tensor sinc()
        {
            Tensor result = Elementwise.Unary<SincOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SincBackward", [this], [this], (n, g) => [g.mul(SincSlope(n.Saved(0)))]) : result;
        }

        public Tensor sinc_() => Replace(sinc());

        static Tensor SincSlope(Tensor x)
        {
            Tensor p = x.mul(Math.PI);
            return p.cos().sub(p.sin().div(p)).div(x).masked_fill(x.eq(0), 0.0);
        }
    }

    public static Tensor sinc(Tensor input) => input.sinc();

    public static Tensor sinc_(Tensor input) => input.sinc_();
}
