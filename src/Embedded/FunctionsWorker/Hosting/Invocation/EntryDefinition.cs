using System.Security.Cryptography;
using System.Text;

namespace Microsoft.Azure.Functions.Worker.Hosting.Invocation;

/// <summary>A function as its invocations see it.</summary>
internal sealed class EntryDefinition(string name, string entryPoint) : FunctionDefinition
{
    /// <inheritdoc/>
    public override string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{entryPoint}\n{name}")).AsSpan(0, 8));

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string EntryPoint => entryPoint;
}
