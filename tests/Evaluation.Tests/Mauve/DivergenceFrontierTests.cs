using DiffusionBatch.Evaluation.Mauve;

namespace DiffusionBatch.Evaluation.Tests.Mauve;

public sealed class DivergenceFrontierTests
{
    // Expected values: the published formula in NumPy, over the same cluster assignments.
    [Theory]
    [InlineData(200, 150, 7, 1, 0, 1, 3, 5, 0.08468933985694581)]
    [InlineData(90, 90, 13, 2, 1, 3, 1, 5, 0.136318488542166)]
    [InlineData(60, 80, 5, 0, 1, 0, 1, 1, 0.9999999999999998)]
    [InlineData(300, 300, 30, 1, 1, 1, 5, 5, 0.12701467535976324)]
    [InlineData(50, 50, 10, 1, 0, 7, 1, 2.5, 0.34702249327778656)]
    public void Equals_the_published_formula_for_given_clusters(int n, int m, int k, int a, int b, int c, int d, double scaling,
        double expected) =>
        Assert.Equal(expected, MauveFormula.OfLabels(Labels(n, k, a, b), Labels(m, k, c, d), k, scaling), 1e-9);

    [Theory]
    [InlineData(new[] { 0.5, 0.5, 0, 0 }, new[] { 0, 0, 0.5, 0.5 }, 0.0040720962619612555)]
    [InlineData(new[] { 0.5, 0.3, 0.2 }, new[] { 0.5, 0.3, 0.2 }, 1)]
    [InlineData(new[] { 0.9, 0.1 }, new[] { 0.1, 0.9 }, 0.08260150772177807)]
    [InlineData(new[] { 0.4, 0.3, 0.2, 0.1 }, new[] { 0.25, 0.25, 0.25, 0.25 }, 0.9579019525489152)]
    [InlineData(new[] { 1.0, 0 }, new[] { 0.5, 0.5 }, 0.27811372536724027)]
    public void Equals_the_published_formula_for_histograms(double[] p, double[] q, double expected)
    {
        Assert.Equal(expected, DivergenceFrontier.Area(p, q), 1e-9);
        Assert.Equal(DivergenceFrontier.Area(p, q), DivergenceFrontier.Area(q, p), 1e-9);
    }

    static int[] Labels(int n, int k, int a, int b) => [.. Enumerable.Range(0, n).Select(i => (i * i * a + i * b) % k)];
}
