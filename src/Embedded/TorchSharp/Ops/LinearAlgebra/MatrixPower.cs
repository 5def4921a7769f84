namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The matrix times itself n times; the inverse's power for negative n.</summary>
        public Tensor matrix_power(int n)
        {
            LinearSolve.RequireSquare(this, "linalg.matrix_power");
            using DisposeScope scope = NewDisposeScope();
            if (n == 0) return scope.MoveToOuter(LinearSolve.Identity(sizes[^1], type).expand(sizes, false).contiguous());
            Tensor square = n < 0 ? inverse() : alias();
            Tensor? result = null;
            for (long left = Math.Abs((long)n); left > 0; left >>= 1)
            {
                if ((left & 1) != 0) result = result is null ? square : result.matmul(square);
                if (left > 1) square = square.matmul(square);
            }
            return scope.MoveToOuter(result!);
        }
    }

    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);

    /// <summary>The product of a chain of matrices.</summary>
    public static Tensor chain_matmul(params Tensor[] matrices) => linalg.multi_dot(matrices);
}
