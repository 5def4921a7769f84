using DiffusionBatch.Evaluation.Mauve;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Mauve;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(17, false)]
    [InlineData(64, true)]
    public void Vectors_are_orthonormal_and_scaled_by_their_values(int n, bool deficient)
    {
        var random = new Random(n);
        int rank = deficient ? Math.Max(1, n / 3) : n;
        double[] factor = [.. Enumerable.Range(0, n * rank).Select(_ => random.NextDouble() - 0.5)];
        var a = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) a[i * n + j] = VectorMath.Dot(factor.AsSpan(i * rank, rank), factor.AsSpan(j * rank, rank));
        var (values, vectors) = SymmetricEigen.Of([.. a], n);
        Assert.Equal(values.OrderDescending(), values);
        Assert.Equal(Enumerable.Range(0, n).Sum(i => a[i * n + i]), values.Sum(), 1e-10);
        for (int i = 0; i < n; i++)
        {
            var v = vectors.AsSpan(i * n, n);
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(i == j ? 1 : 0, VectorMath.Dot(v, vectors.AsSpan(j * n, n)), 1e-10);
                Assert.Equal(values[i] * v[j], VectorMath.Dot(a.AsSpan(j * n, n), v), 1e-9);
            }
        }
        Assert.All(values.Skip(rank), v => Assert.Equal(0, v, 1e-10));
    }

    [Fact]
    public void Diagonal_matrices_and_zeros_are_fine()
    {
        var (values, vectors) = SymmetricEigen.Of([1, 0, 0, 0, 3, 0, 0, 0, 2], 3);
        Assert.Equal([3.0, 2, 1], values);
        Assert.Equal([0.0, 1, 0, 0, 0, 1, 1, 0, 0], vectors.Select(Math.Abs));
        Assert.Equal([0.0, 0, 0], SymmetricEigen.Of(new double[9], 3).Values);
    }

    [Fact]
    public void Both_ways_to_components_agree()
    {
        // 30 vectors of 40 features go by the Gram matrix; the same with copies of all vectors by the covariance.
        var random = new Random(2);
        var few = new FeatureMatrix(15, 40, [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())]);
        var more = new FeatureMatrix(15, 40, [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())]);
        var gram = PrincipalComponents.Of(few, more, 0.9);
        var covariance = PrincipalComponents.Of(new FeatureMatrix(30, 40, [.. few.Values, .. more.Values]),
            new FeatureMatrix(30, 40, [.. few.Values, .. more.Values]), 0.9);
        Assert.Equal(gram.Columns, covariance.Columns);
        for (int i = 0; i < 30; i++)
            for (int k = 0; k < gram.Columns; k++) Assert.Equal(Math.Abs(gram.Row(i)[k]), Math.Abs(covariance.Row(i)[k]), 1e-9);
    }
}
