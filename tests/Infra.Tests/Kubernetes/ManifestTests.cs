using System.Globalization;
using System.Reflection;
using DiffusionBatch.Infra.Tests.Images;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using YamlDotNet.RepresentationModel;

namespace DiffusionBatch.Infra.Tests.Kubernetes;

/// <summary>The manifests of the workers fit the code and the image that they start.</summary>
public sealed class ManifestTests
{
    static readonly string s_folder = Path.Combine(SharedData.RepositoryRoot, "infra", "k8s");

    static IEnumerable<YamlNode> Read(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Path.Combine(s_folder, file));
        stream.Load(reader);
        return stream.Documents.Select(d => d.RootNode);
    }

    static YamlNode One(string kind) =>
        Assert.Single(((string[])["base/settings.yaml", "base/worker.yaml"]).SelectMany(Read), n => Text(n["kind"]) == kind);

    static string Text(YamlNode node) => Assert.IsType<YamlScalarNode>(node).Value!;

    static IEnumerable<YamlNode> List(YamlNode node) => Assert.IsType<YamlSequenceNode>(node);

    static YamlNode Pod => One("ScaledJob")["spec"]["jobTargetRef"]["template"]["spec"];

    static YamlNode Container => Assert.Single(List(Pod["containers"]));

    static Dictionary<string, string> Settings =>
        Assert.IsType<YamlMappingNode>(One("ConfigMap")["data"]).ToDictionary(e => Text(e.Key), e => Text(e.Value));

    [Fact]
    public void Settings_are_the_code_s_by_name_and_value_and_hold_no_secret()
    {
        Dictionary<string, Type> sections = new() { ["Pipeline"] = typeof(PipelineConnection), ["Worker"] = typeof(WorkerOptions) };
        foreach (string name in Settings.Keys.Where(n => !n.StartsWith("OTEL_", StringComparison.Ordinal)))
        {
            string[] parts = name.Split("__");
            Assert.True(parts.Length == 2 && sections[parts[0]].GetProperty(parts[1], BindingFlags.Public | BindingFlags.Instance)?.CanWrite
                == true, $"The code has no setting {name}.");
        }
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            Settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build();
        PipelineConnection connection = configuration.GetSection("Pipeline").Get<PipelineConnection>()!;
        Assert.True(connection.IndexByIdentity);
        Assert.DoesNotContain("Password", connection.Index, StringComparison.OrdinalIgnoreCase);
        using (ServiceProvider services =
            new ServiceCollection().AddDiffusionBatchPipeline(c => configuration.GetSection("Pipeline").Bind(c)).BuildServiceProvider())
            Assert.Equal(connection.Storage, services.GetRequiredService<IOptions<PipelineConnection>>().Value.Storage);
        WorkerOptions worker = configuration.GetSection("Worker").Get<WorkerOptions>()!;
        Assert.True(worker.EndAfterIdle > TimeSpan.Zero, "A pod of a job must end by itself.");
        Assert.Equal(worker.HealthPort,
            int.Parse(Text(Assert.Single(List(Container["ports"]))["containerPort"]), CultureInfo.InvariantCulture));
        Assert.Equal(worker.Folder, Text(List(Container["volumeMounts"]).First()["mountPath"]));
        Assert.Equal(Text(One("ConfigMap")["metadata"]["name"]), Text(Assert.Single(List(Container["envFrom"]))["configMapRef"]["name"]));
    }

    [Fact]
    public void Each_queue_of_tasks_asks_for_workers_by_their_identity()
    {
        YamlNode spec = One("ScaledJob")["spec"];
        YamlNode[] triggers = [.. List(spec["triggers"])];
        Assert.Equal(QueueNames.Tasks, triggers.Select(t => Text(t["metadata"]["queueName"])));
        Assert.All(triggers, t => Assert.Equal(("azure-queue", Text(One("TriggerAuthentication")["metadata"]["name"])),
            (Text(t["type"]), Text(t["authenticationRef"]["name"]))));
        Assert.Equal("azure-workload", Text(One("TriggerAuthentication")["spec"]["podIdentity"]["provider"]));
        Assert.Equal("0", Text(spec["minReplicaCount"]));
    }

    [Fact]
    public void A_pod_has_no_rights_is_probed_and_may_end_in_peace()
    {
        Assert.Equal("true", Text(Pod["securityContext"]["runAsNonRoot"]));
        Assert.Equal("false", Text(Container["securityContext"]["allowPrivilegeEscalation"]));
        Assert.Equal("/health/live", Text(Container["livenessProbe"]["httpGet"]["path"]));
        Assert.Equal("/health/ready", Text(Container["readinessProbe"]["httpGet"]["path"]));
        Assert.True(int.Parse(Text(Pod["terminationGracePeriodSeconds"]), CultureInfo.InvariantCulture) > 10);
        Assert.Equal(Dockerfile.Worker().Variables["Worker__HealthPort"], Settings["Worker__HealthPort"]);
    }

    [Fact]
    public void Kustomizations_name_files_that_are_there()
    {
        foreach (string folder in (string[])["base", "gpu"])
        {
            YamlNode file = Assert.Single(Read($"{folder}/kustomization.yaml"));
            Assert.All(List(file["resources"]), r => Assert.True(Path.Exists(Path.Combine(s_folder, folder, Text(r))), Text(r)));
        }
        // What the patch for GPUs goes to is there, and has the place that it adds to.
        YamlNode patch = Assert.Single(List(Read("gpu/kustomization.yaml").Single()["patches"]));
        Assert.Equal((Text(One("ScaledJob")["kind"]), Text(One("ScaledJob")["metadata"]["name"])),
            (Text(patch["target"]["kind"]), Text(patch["target"]["name"])));
        Assert.IsType<YamlMappingNode>(Container["resources"]["limits"]);
    }
}
