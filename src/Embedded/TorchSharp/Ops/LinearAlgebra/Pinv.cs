namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The pseudoinverses; singular values up to rcond times the largest count as 0.</summary>
        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => linalg.pinv(this, 0, rcond, hermitian);
    }

    public static partial class linalg
    {
        /// <summary>The pseudoinverses; singular values up to max(atol, rtol times the largest) count as 0, rtol by default max(m, n) epsilon.</summary>
        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor u, Tensor s, Tensor vh) = svd(input, false);
            Tensor small = s.le(Tolerance(input, s, atol, rtol));
            return scope.MoveToOuter(vh.mT.mul(s.reciprocal().masked_fill(small, 0.0).unsqueeze(-2)).matmul(u.mT));
        }

        public static Tensor pinv(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            pinv(input, atol.to_type(ScalarType.Float64).item<double>(), rtol?.to_type(ScalarType.Float64).item<double>(), hermitian);

        /// <summary>How many singular values are larger than the tolerance, as of <see cref="pinv(Tensor, double?, double?, bool)"/>.</summary>
        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            Tensor s = svdvals(input);
            return scope.MoveToOuter(s.gt(Tolerance(input, s, atol, rtol)).sum(-1));
        }

        public static Tensor matrix_rank(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            matrix_rank(input, atol.to_type(ScalarType.Float64).item<double>(), rtol?.to_type(ScalarType.Float64).item<double>(), hermitian);

        static Tensor Tolerance(Tensor a, Tensor s, double? atol, double? rtol)
        {
            double epsilon = a.type == ScalarType.Float32 ? 1.1920928955078125e-07 : 2.220446049250313e-16;
            double relative = rtol ?? (atol is > 0 ? 0 : epsilon * Math.Max(a.sizes[^1], a.sizes[^2]));
            Tensor largest = s.detach().amax([-1L], true);
            return largest.mul(relative).clamp_min(atol ?? 0);
        }
    }

    public static Tensor pinverse(Tensor input, double rcond = 1e-15, bool hermitian = false) => input.pinverse(rcond, hermitian);
}
