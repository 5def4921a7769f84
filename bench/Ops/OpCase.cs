namespace DiffusionBatch.Bench;

/// <summary>An operation at one size.</summary>
/// <param name="Name">The operation's name, by which the peer knows it too.</param>
/// <param name="Sizes">What the sizes mean is between the two sides' builders.</param>
/// <param name="Create">Builds our side.</param>
/// <param name="Operations">Floating-point operations of its matrix products, forward; 0 where there are none.</param>
internal sealed record OpCase(string Name, long[] Sizes, Func<long[], OurOp> Create, double Operations = 0)
{
    /// <summary>Name and sizes.</summary>
    internal string Label => $"{Name} {string.Join(" x ", Sizes)}";
}
