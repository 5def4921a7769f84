using DiffusionBatch.Infra.Tests.Running;

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>What the worker's image is like, as far as its file says.</summary>
public sealed class DockerfileTests
{
    [Fact]
    public void The_image_is_for_GPUs_unless_told_otherwise()
    {
        Assert.Equal("runtime-cuda", Dockerfile.Worker().Stages[^1].From);
        Assert.Equal("all", Dockerfile.Worker().Variables["NVIDIA_VISIBLE_DEVICES"]);
        Dockerfile cpu = Dockerfile.Worker(("BACKEND", "cpu"));
        Assert.Equal("runtime-cpu", cpu.Stages[^1].From);
        Assert.Equal("libjemalloc.so.2", cpu.Variables["LD_PRELOAD"]);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void It_runs_the_worker_itself_without_rights(string backend)
    {
        IReadOnlyList<Dockerfile.Instruction> image = Dockerfile.Worker(("BACKEND", backend)).Image;
        Assert.Equal("$APP_UID", image.Last(i => i.Name == "USER").Text);
        // In this form the worker is the process that signals reach; a shell would keep them to itself.
        Assert.Equal("""["dotnet", "DiffusionBatch.GpuWorker.dll"]""", Assert.Single(image, i => i.Name is "ENTRYPOINT" or "CMD").Text);
        Assert.Equal("--from=build /source/publish .", Assert.Single(image, i => i.Name == "COPY").Text);
    }

    [Fact]
    public void The_registry_s_own_builder_can_build_it() =>
        Assert.All(Dockerfile.Worker().Stages.SelectMany(s => s.Instructions),
            i => Assert.DoesNotContain("--mount", i.Text, StringComparison.Ordinal));

    [Fact]
    public async Task Its_context_is_what_it_copies_and_nothing_more()
    {
        string[] allowed = [".dockerignore", "Dockerfile.functions", "Dockerfile.worker"];
        IReadOnlyList<string> context = (await BuildContext.ReadAsync()).Files;
        string[] copied = [.. Dockerfile.Worker().Stages.SelectMany(s => s.Instructions)
            .Where(i => i.Name == "COPY" && !i.Text.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(i => i.Text.Split(' ')[..^1])];
        Assert.Contains("src/GpuWorker/Program.cs", context);
        Assert.All(context, f => Assert.True(
            allowed.Contains(f) || copied.Any(c => f == c || f.StartsWith(c + "/", StringComparison.Ordinal)),
            $"{f} is sent to the builder and never copied."));
    }

    [Fact]
    public void The_function_app_s_image_restores_each_project_that_it_is_made_of_and_puts_it_where_the_host_looks()
    {
        Dockerfile functions = Dockerfile.Read("Dockerfile.functions");
        Assert.StartsWith("mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0", functions.Stages[^1].From,
            StringComparison.Ordinal);
        Assert.Equal($"--from=build /source/publish {functions.Variables["AzureWebJobsScriptRoot"]}",
            Assert.Single(functions.Image, i => i.Name == "COPY").Text);
        Assert.Equal(Projects("Functions").Order(StringComparer.Ordinal), Restored(functions));
        Assert.Equal(Projects("GpuWorker").Order(StringComparer.Ordinal), Restored(Dockerfile.Worker()));
    }

    static IEnumerable<string> Restored(Dockerfile file) =>
        file["build"].Instructions.Where(i => i.Name == "COPY" && i.Text.Contains(".csproj ", StringComparison.Ordinal))
        .Select(i => Path.GetFileNameWithoutExtension(i.Text.Split(' ')[0])).Order(StringComparer.Ordinal);

    // A project and all that it is made of: what isn't there when packages are restored lacks its packages in the build.
    static HashSet<string> Projects(string name)
    {
        var found = new HashSet<string> { name };
        foreach (System.Xml.Linq.XElement reference in System.Xml.Linq.XDocument.Load(
            Path.Combine(SharedData.RepositoryRoot, "src", name, name + ".csproj")).Descendants("ProjectReference"))
            found.UnionWith(Projects(Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)));
        return found;
    }

    [Fact]
    public void Azd_builds_it_for_what_the_template_says()
    {
        string azd = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "azure.yaml")),
            main = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "infra", "main.bicep"));
        Assert.Contains("path: ./Dockerfile.worker", azd, StringComparison.Ordinal);
        Assert.Contains("- BACKEND=${WORKER_BACKEND}", azd, StringComparison.Ordinal);
        Assert.Contains("output WORKER_BACKEND string = workerProfile == 'Consumption' ? 'cpu' : 'cuda'", main, StringComparison.Ordinal);
        Assert.True(Dockerfile.Worker().Arguments.ContainsKey("BACKEND"));
    }

    [Theory]
    [InlineData("cpu", "libtorch-cpu-linux-x64")]
    [InlineData("cuda", "TorchSharp-cuda-linux")]
    public async Task The_backend_s_package_is_published_with_the_worker(string backend, string package)
    {
        var (code, output) = await RunningProgram.RunAsync(
            SharedData.RepositoryRoot, ["dotnet", "msbuild", "src/GpuWorker/GpuWorker.csproj", "-getItem:PackageReference",
                $"-p:TorchBackend={backend}", "-p:RuntimeIdentifier=linux-x64", "-nologo"]);
        Assert.True(code == 0, output);
        var references = System.Text.Json.Nodes.JsonNode.Parse(output)!["Items"]!["PackageReference"]!.AsArray();
        string[] backends = [.. references.Select(r => (string)r!["Identity"]!)
            .Where(p => p.StartsWith("libtorch", StringComparison.Ordinal) || p.StartsWith("TorchSharp-", StringComparison.Ordinal))];
        Assert.Equal([package], backends);
        Assert.Equal("true", (string?)references.Single(r => (string)r!["Identity"]! == package)!["Publish"]);
    }
}
