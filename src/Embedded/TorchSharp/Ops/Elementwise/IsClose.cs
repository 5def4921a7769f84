using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>|a - b| within atol + rtol |b|, or equal, element by element.</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false)
        {
            if (type != other.type) throw new ExternalException($"{Names.Of(type)} did not match {Names.Of(other.type)}");
            if (rtol < 0) throw new ExternalException($"rtol must be greater than or equal to zero, but got {rtol}");
            if (atol < 0) throw new ExternalException($"atol must be greater than or equal to zero, but got {atol}");
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            Tensor close = eq(other);
            if (nanEqual) close = close.logical_or(isnan().logical_and(other.isnan()));
            if (rtol == 0 && atol == 0) return scope.MoveToOuter(close);
            Tensor a = to_type(ScalarType.Float64), b = other.to_type(ScalarType.Float64), error = a.sub(b).abs();
            return scope.MoveToOuter(close.logical_or(error.le(b.abs().mul(rtol).add(atol)).logical_and(error.isfinite())));
        }

        /// <summary>True when all elements are close.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            using DisposeScope scope = NewDisposeScope();
            return isclose(target, rtol, atol, equal_nan).all().item<bool>();
        }
    }

    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => tensor.isclose(other, rtol, atol, nanEqual);

    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) => tensor.allclose(target, rtol, atol, equal_nan);
}
