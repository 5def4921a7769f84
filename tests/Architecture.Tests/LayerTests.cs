using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace DiffusionBatch.Architecture.Tests;

/// <summary>
/// The folders of a room form layers: none needs, by whatever way, one that needs it. Looked at in the built assemblies, so that a
/// name written out counts as a using does. A folder's own folders are parts of it.
/// </summary>
public sealed class LayerTests
{
    [Theory]
    [InlineData("Contracts", "DiffusionBatch.Contracts")]
    [InlineData("Diffusion", "DiffusionBatch.Diffusion")]
    [InlineData("Evaluation", "DiffusionBatch.Evaluation")]
    [InlineData("Pipeline", "DiffusionBatch.Pipeline")]
    [InlineData("GpuWorker", "DiffusionBatch.GpuWorker")]
    [InlineData("LocalHost", "DiffusionBatch.LocalHost")]
    [InlineData("Functions", "DiffusionBatch.Functions")]
    [InlineData("Cli", "dbatch")]
    public void The_folders_of_a_room_form_layers(string room, string assembly)
    {
        string prefix = $"DiffusionBatch.{room}.";
        List<Arrow> arrows = [.. new ArchLoader().LoadAssembly(System.Reflection.Assembly.Load(assembly)).Build().Types
            .SelectMany(type => type.Dependencies.Select(d =>
                new Arrow(FolderOf(type, prefix), FolderOf(d.Target, prefix), $"{type.FullName} -> {d.Target.FullName}")))
            .Where(a => a.From.Length > 0 && a.To.Length > 0 && a.From != a.To)
            .DistinctBy(a => (a.From, a.To))];
        Assert.NotEmpty(arrows);
        // Folders that need none of those left stand below them; what can't be taken away like that is in a circle, or above one.
        while (arrows.RemoveAll(a => !arrows.Exists(b => b.From == a.To)) > 0)
        {
        }
        Assert.True(arrows.Count == 0, string.Join('\n', arrows.Select(a => $"{a.From} -> {a.To}: {a.Why}")));
    }

    static string FolderOf(IType type, string prefix) =>
        type.FullName.StartsWith(prefix, StringComparison.Ordinal) && type.Namespace?.FullName is { } name && name.Length > prefix.Length
        ? name[prefix.Length..].Split('.')[0] : "";

    sealed record Arrow(string From, string To, string Why);
}
