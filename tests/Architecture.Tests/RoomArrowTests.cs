using System.Xml.Linq;

namespace DiffusionBatch.Architecture.Tests;

/// <summary>The arrows between the rooms point down only (DESIGN section 1); the project files are the truth.</summary>
public sealed class RoomArrowTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Diffusion"] = ["Contracts"],
        ["Evaluation"] = ["Contracts"],
        ["Pipeline"] = ["Contracts"],
        ["Telemetry"] = ["Pipeline"],
        ["GpuWorker"] = ["Contracts", "Pipeline", "Diffusion", "Evaluation", "Telemetry"],
        ["Functions"] = ["Contracts", "Pipeline", "Telemetry"],
        ["LocalHost"] = [],
        ["Cli"] = ["Contracts", "Pipeline", "Diffusion", "Evaluation", "GpuWorker", "Functions", "LocalHost"],
    };

    static readonly string[] NoTensors = ["TorchSharp", "Microsoft.ML.Tokenizers"];
    static readonly string[] NoAzure = ["Azure.", "Microsoft.Azure.", "Dapper", "Npgsql", "Microsoft.Data.Sqlite"];

    public static TheoryData<string> Rooms =>
        [.. Directory.GetDirectories(Path.Combine(SharedData.RepositoryRoot, "src")).Select(d => Path.GetFileName(d))];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_below_it(string room)
    {
        Assert.True(Allowed.ContainsKey(room), $"src/{room} is a new room: say here what it may know.");
        Assert.Empty(References(room).Except(Allowed[room]));
    }

    [Fact]
    public void Telemetry_is_exported_by_its_own_room_alone() =>
        Assert.DoesNotContain(Allowed.Keys.Where(r => r != "Telemetry").SelectMany(Packages),
            p => p.Contains("Exporter", StringComparison.Ordinal));

    [Fact]
    public void The_client_has_the_function_app_beside_it_and_uses_nothing_of_it() =>
        Assert.DoesNotContain(System.Reflection.Assembly.Load("dbatch").GetReferencedAssemblies(),
            a => a.Name == "DiffusionBatch.Functions");

    [Theory]
    [InlineData("Diffusion")]
    [InlineData("Evaluation")]
    public void Models_and_metrics_know_no_Azure_and_no_database(string room) =>
        Assert.DoesNotContain(Packages(room), p => NoAzure.Any(a => p.StartsWith(a, StringComparison.Ordinal)));

    [Theory]
    [InlineData("Evaluation")]
    [InlineData("Pipeline")]
    [InlineData("Functions")]
    [InlineData("LocalHost")]
    public void Rooms_without_a_device_know_no_tensors(string room)
    {
        Assert.Empty(Packages(room).Intersect(NoTensors));
        var offenders = Sources(room)
            .Where(f => File.ReadLines(f)
                .Any(l => l.StartsWith("using TorchSharp", StringComparison.Ordinal)
                    || l.StartsWith("using static TorchSharp", StringComparison.Ordinal)));
        Assert.Empty(offenders);
    }

    [Fact]
    public void The_client_knows_the_server_by_what_they_share_alone() =>
        Assert.DoesNotContain(Sources("Cli"),
            f => File.ReadLines(f).Any(l => l.StartsWith("using DiffusionBatch.Functions", StringComparison.Ordinal)));

    [Fact]
    public void Executables_alone_bring_the_native_library()
    {
        string[] bringing = [.. Allowed.Keys.Where(r => Load(r).Descendants("NeedsTorchBackend").Any())];
        Assert.Equal(["Cli", "GpuWorker"], bringing.Order());
        Assert.All(bringing, r => Assert.Equal("Exe", Load(r).Descendants("OutputType").Single().Value));
        Assert.DoesNotContain(Allowed.Keys.SelectMany(Packages), p => p.StartsWith("libtorch", StringComparison.Ordinal)
            || p.StartsWith("TorchSharp-", StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_one_code_base_for_all_builds() =>
        Assert.DoesNotContain(Allowed.Keys.SelectMany(Sources),
            f => File.ReadLines(f).Any(l => l.TrimStart().StartsWith("#if", StringComparison.Ordinal)));

    static IEnumerable<string> Sources(string room) =>
        Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src", room), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    static IEnumerable<string> References(string room) =>
        Load(room).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

    static IEnumerable<string> Packages(string room) =>
        Load(room).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value);

    static XDocument Load(string room) => XDocument.Load(Path.Combine(SharedData.RepositoryRoot, "src", room, room + ".csproj"));
}
