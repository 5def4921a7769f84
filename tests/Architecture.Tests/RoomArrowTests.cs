using System.Xml.Linq;

namespace DiffusionBatch.Architecture.Tests;

/// <summary>The arrows between the rooms point down only (DESIGN section 1); the project files are the truth.</summary>
public sealed class RoomArrowTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Diffusion"] = ["TorchSharp", "Microsoft.ML.Tokenizers"],
        ["Evaluation"] = [],
        ["Pipeline"] = [],
        ["GpuWorker"] = ["Pipeline", "Diffusion", "Evaluation", "TorchSharp"], // a program that brings the engine's backend
        ["Functions"] = ["Pipeline", "Microsoft.Azure.Functions.Worker"],
        ["Cli"] = ["Pipeline", "Diffusion", "Evaluation", "GpuWorker", "Functions", "TorchSharp"], // the program brings the engine's backend
    };

    static readonly string[] NoTensors = ["TorchSharp", "Microsoft.ML.Tokenizers"];
    static readonly string[] NoAzure = ["Azure.", "Microsoft.Azure.", "Dapper", "Npgsql", "Microsoft.Data.Sqlite"];

    public static TheoryData<string> Rooms => [.. Directory.GetDirectories(Path.Combine(SharedData.RepositoryRoot, "src")).Select(d => Path.GetFileName(d)).Where(r => r != "Embedded")];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_below_it(string room)
    {
        Assert.True(Allowed.ContainsKey(room), $"src/{room} is a new room: say here what it may know.");
        Assert.Empty(References(room).Except(Allowed[room]));
    }

    [Theory]
    [InlineData("Diffusion")]
    [InlineData("Evaluation")]
    public void Models_and_metrics_know_no_Azure_and_no_database(string room) =>
        Assert.DoesNotContain(Packages(room), p => NoAzure.Any(a => p.StartsWith(a, StringComparison.Ordinal)));

    [Theory]
    [InlineData("Evaluation")]
    [InlineData("Pipeline")]
    [InlineData("Functions")]
    public void Rooms_without_a_device_know_no_tensors(string room)
    {
        Assert.Empty(References(room).Intersect(NoTensors));
        var offenders = Sources(room).Where(f => File.ReadLines(f).Any(l => l.StartsWith("using TorchSharp", StringComparison.Ordinal) || l.StartsWith("using static TorchSharp", StringComparison.Ordinal)));
        Assert.Empty(offenders);
    }

    [Fact]
    public void Only_the_stand_ins_and_the_profile_file_know_which_profile_is_built()
    {
        var offenders = Allowed.Keys.SelectMany(Sources).Where(f => File.ReadLines(f).Any(l => l.TrimStart().StartsWith("#if", StringComparison.Ordinal)));
        Assert.Empty(offenders);
        var projects = Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories);
        Assert.DoesNotContain(projects, p => File.ReadAllText(p).Contains("$(Profile)", StringComparison.Ordinal));
    }

    static IEnumerable<string> Sources(string room) =>
        Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src", room), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    /// <summary>The projects that a room names, and the stand-ins that it asks for by Uses* properties.</summary>
    static IEnumerable<string> References(string room)
    {
        var project = Load(room);
        foreach (var reference in project.Descendants("ProjectReference")) yield return Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
        if (project.Descendants("UsesTorchSharp").Any()) yield return "TorchSharp";
        if (project.Descendants("UsesTokenizers").Any()) yield return "Microsoft.ML.Tokenizers";
        if (project.Descendants("UsesFunctionsWorker").Any()) yield return "Microsoft.Azure.Functions.Worker";
    }

    static IEnumerable<string> Packages(string room) => Load(room).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value);

    static XDocument Load(string room) => XDocument.Load(Path.Combine(SharedData.RepositoryRoot, "src", room, room + ".csproj"));
}
