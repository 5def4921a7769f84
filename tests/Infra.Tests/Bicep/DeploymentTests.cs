using System.Text.Json.Nodes;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Telemetry;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Infra.Tests.Bicep;

/// <summary>What would be deployed fits the code that is deployed to it.</summary>
public sealed class DeploymentTests(DeploymentTests.ByDefault byDefault) : IClassFixture<DeploymentTests.ByDefault>
{
    const string Worker = "Microsoft.App/containerApps", Environment = "Microsoft.App/managedEnvironments",
        Settings = "Microsoft.Web/sites/config";

    Deployment Predicted => byDefault.Predicted!;

    [Fact]
    public void Queues_and_container_are_those_of_the_code()
    {
        Assert.Equal([.. QueueNames.Tasks, QueueNames.Jobs],
            Predicted.Names("Microsoft.Storage/storageAccounts/queueServices/queues").ToHashSet());
        Assert.Contains(new PipelineConnection().Container, Predicted.Names("Microsoft.Storage/storageAccounts/blobServices/containers"));
    }

    [Fact]
    public void Workers_come_and_go_with_the_queues_of_tasks()
    {
        JsonNode scale = Predicted.One(Worker)["properties"]!["template"]!["scale"]!;
        Assert.Equal((0, 4), ((int)scale["minReplicas"]!, (int)scale["maxReplicas"]!));
        JsonArray rules = scale["rules"]!.AsArray();
        Assert.Equal(QueueNames.Tasks, rules.Select(r => (string)r!["azureQueue"]!["queueName"]!));
        Assert.All(rules,
            r => Assert.Contains("/userAssignedIdentities/", (string)r!["azureQueue"]!["identity"]!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "Consumption", "4", "8Gi")]
    [InlineData("Consumption-GPU-NC8as-T4", "gpu", "8", "56Gi")]
    [InlineData("Consumption-GPU-NC24-A100", "gpu", "24", "220Gi")]
    public async Task A_worker_has_all_of_its_profile(string? profile, string name, string cpu, string memory)
    {
        Deployment predicted = profile is null ? Predicted : await Deployment.PredictAsync(("WORKER_PROFILE", profile));
        JsonNode worker = predicted.One(Worker)["properties"]!;
        JsonNode resources = worker["template"]!["containers"]![0]!["resources"]!;
        Assert.Equal((name, cpu, memory),
            ((string?)worker["workloadProfileName"], resources["cpu"]!.ToString(), (string?)resources["memory"]));
        Assert.Contains(predicted.One(Environment)["properties"]!["workloadProfiles"]!.AsArray(), p => (string?)p!["name"] == name
            && (string?)p["workloadProfileType"] == (profile ?? name));
    }

    [Fact]
    public async Task The_last_deployed_image_stays() =>
        Assert.Equal("cr.azurecr.io/worker:7",
            (string?)(await Deployment.PredictAsync(("SERVICE_WORKER_IMAGE_NAME", "cr.azurecr.io/worker:7")))
            .One(Worker)["properties"]!["template"]!["containers"]![0]!["image"]);

    [Fact]
    public void The_settings_of_both_are_taken_by_the_code_and_hold_no_secret()
    {
        var worker = Predicted.One(Worker)["properties"]!["template"]!["containers"]![0]!["env"]!.AsArray()
            .ToDictionary(e => (string)e!["name"]!, e => (string)e!["value"]!);
        Check(worker, "Pipeline:Storage");
        Assert.True(Section(worker).GetSection("Worker").Get<WorkerOptions>()!.CacheBytes > 1L << 30);
        var app = Predicted.One(Settings)["properties"]!.AsObject().ToDictionary(e => e.Key, e => (string)e.Value!);
        Check(app, "AzureWebJobsStorage:blobServiceUri");
        Assert.Equal("managedidentity", app["AzureWebJobsStorage__credential"]);
    }

    [Fact]
    public void One_identity_has_the_roles_that_are_needed_and_no_key_opens_anything()
    {
        string[] roles = [.. Predicted.Of("Microsoft.Authorization/roleAssignments")
            .Select(r => ((string)r["properties"]!["roleDefinitionId"]!).Split('/')[^1])];
        Assert.Equal(
            [
                "3913510d-42f4-4e42-8a64-420c390055eb", // Monitoring Metrics Publisher
                "7f951dda-4ed3-4680-a7ca-43fe172d538d", // AcrPull
                "974c5e8b-45b9-4653-ba55-5f855dd0fb88", // Storage Queue Data Contributor
                "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", // Storage Blob Data Owner
            ],
            roles.Order(StringComparer.Ordinal));
        Predicted.One("Microsoft.ManagedIdentity/userAssignedIdentities");
        Assert.False((bool)Predicted.One("Microsoft.Storage/storageAccounts")["properties"]!["allowSharedKeyAccess"]!);
        Assert.False((bool)Predicted.One("Microsoft.ContainerRegistry/registries")["properties"]!["adminUserEnabled"]!);
        Assert.Equal("Disabled",
            (string?)Predicted.One("Microsoft.DBforPostgreSQL/flexibleServers")["properties"]!["authConfig"]!["passwordAuth"]);
        Assert.All(Predicted.Resources, r => Assert.DoesNotContain("listKeys", r.ToJsonString(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_operator_is_told_of_given_up_tasks_of_old_work_and_of_the_budget()
    {
        const string Rules = "Microsoft.Insights/scheduledQueryRules", Groups = "Microsoft.Insights/actionGroups",
            Budgets = "Microsoft.Consumption/budgets";
        Assert.Empty(Predicted.Of(Groups));
        Assert.Empty(Predicted.Of(Budgets));
        Deployment watched = await Deployment.PredictAsync(("ALERT_EMAIL", "op@example.com"), ("QUEUE_AGE_LIMIT", "900"),
            ("MONTHLY_BUDGET", "200"), ("BUDGET_START", "2026-12-01"));
        foreach (Deployment deployment in (Deployment[])[Predicted, watched])
        {
            JsonNode[] alerts = [.. deployment.Of(Rules).Select(r => r["properties"]!["criteria"]!["allOf"]![0]!)];
            // Each looks at a metric that the code sends, in the workspace that Application Insights writes to.
            Assert.Equal(
                [("dbatch.poison.length", 0), ("dbatch.queue.age", deployment == watched ? 900 : 3600)],
                alerts.Select(a => (Metric: ((string)a["query"]!).Split('"')[1], (int)a["threshold"]!)).OrderBy(a => a.Metric));
            var sent = new List<string>();
            using var listener = new System.Diagnostics.Metrics.MeterListener
            {
                InstrumentPublished =
                (instrument, _) => { if (instrument.Meter.Name == PipelineMetrics.MeterName) sent.Add(instrument.Name); }
            };
            System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(PipelineMetrics).TypeHandle);
            listener.Start();
            Assert.All(alerts, a => Assert.Contains(((string)a["query"]!).Split('"')[1], sent));
        }
        Assert.Equal("op@example.com", (string?)watched.One(Groups)["properties"]!["emailReceivers"]![0]!["emailAddress"]);
        Assert.All(watched.Of(Rules), r => Assert.NotEmpty(r["properties"]!["actions"]!["actionGroups"]!.AsArray()));
        JsonNode budget = watched.One(Budgets)["properties"]!;
        Assert.Equal((200, "2026-12-01"), ((int)budget["amount"]!, (string?)budget["timePeriod"]!["startDate"]));
    }

    [Fact]
    public void Telemetry_of_both_goes_to_Application_Insights_by_their_identity()
    {
        var worker = Predicted.One(Worker)["properties"]!["template"]!["containers"]![0]!["env"]!.AsArray()
            .ToDictionary(e => (string)e!["name"]!, e => (string)e!["value"]!);
        var app = Predicted.One(Settings)["properties"]!.AsObject().ToDictionary(e => e.Key, e => (string)e.Value!);
        foreach (Dictionary<string, string> settings in (Dictionary<string, string>[])[worker, app])
        {
            Assert.Contains("ConnectionString", settings["APPLICATIONINSIGHTS_CONNECTION_STRING"], StringComparison.Ordinal);
            Assert.Contains("Authorization=AAD", settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"], StringComparison.Ordinal);
        }
        Assert.True((bool)Predicted.One("Microsoft.Insights/components")["properties"]!["DisableLocalAuth"]!);
    }

    [Fact]
    public async Task Who_may_call_is_set_where_it_is_asked_for_and_nobody_s_token_is_taken_by_default()
    {
        // What is empty isn't set, to the app; a secret is nowhere but where it is used, not even here.
        const string Secret = "[parameters('accessAdminKey')]";
        Assert.Equal([Secret, "", "", ""], Access(Predicted).Select(e => e.Value));
        Deployment guarded = await Deployment.PredictAsync(("ACCESS_ADMIN_KEY", "@Microsoft.KeyVault(SecretUri=https://v/secrets/admin)"),
            ("ENTRA_TENANT_ID", "contoso.com"), ("ENTRA_AUDIENCE", "api"), ("ENTRA_TENANT_CLAIM", "team"));
        Assert.Equal(
            [("Access__AdminKey", Secret), ("Access__Entra__Audience", "api"), ("Access__Entra__TenantClaim", "team"),
                ("Access__Entra__TenantId", "contoso.com")],
            Access(guarded));
        var (_, compiled) = await BicepCompiler.RunAsync("build", Path.Combine(BicepCompiler.Folder, "main.bicep"), "--stdout");
        JsonNode parameter = JsonNode.Parse(compiled)!["parameters"]!["accessAdminKey"]!;
        Assert.Equal(("securestring", ""), (((string)parameter["type"]!).ToLowerInvariant(), (string?)parameter["defaultValue"]));
        // References to a Key Vault are read by the one identity.
        Assert.Contains("/userAssignedIdentities/", (string)guarded.One("Microsoft.Web/sites")["properties"]!["keyVaultReferenceIdentity"]!,
            StringComparison.Ordinal);

        static IEnumerable<(string Name, string Value)> Access(Deployment deployment) =>
            deployment.One(Settings)["properties"]!.AsObject().Where(e => e.Key.StartsWith("Access", StringComparison.Ordinal))
                .OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, (string)e.Value!));
    }

    [Fact]
    public void A_worker_is_probed_where_it_answers()
    {
        JsonNode container = Predicted.One(Worker)["properties"]!["template"]!["containers"]![0]!;
        string port = (string)container["env"]!.AsArray().Single(e => (string)e!["name"]! == "Worker__HealthPort")!["value"]!;
        Assert.Equal(
            [("Liveness", "/health/live", port), ("Readiness", "/health/ready", port)],
            container["probes"]!.AsArray()
                .Select(p => ((string)p!["type"]!, (string)p["httpGet"]!["path"]!, p["httpGet"]!["port"]!.ToString())));
    }

    [Fact]
    public void Azd_finds_both_services_by_their_tags()
    {
        string file = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "azure.yaml"));
        string[] tagged = [.. Predicted.Resources.Select(r => (string?)r["tags"]?["azd-service-name"]).OfType<string>()];
        Assert.Equal(["api", "worker"], tagged.Order(StringComparer.Ordinal));
        Assert.All(tagged, t => Assert.Contains($"\n  {t}:\n", file, StringComparison.Ordinal));
    }

    // The settings as the code binds and validates them, with an address in the place of what only Azure knows.
    static void Check(Dictionary<string, string> settings, string storage)
    {
        Assert.All(settings, s => Assert.DoesNotMatch("(?i)(account|shared)key=|password=|sig=", s.Value));
        IConfiguration section = Section(settings);
        Assert.EndsWith(".primaryEndpoints.blob]", section[storage], StringComparison.Ordinal);
        using ServiceProvider services = new ServiceCollection().AddDiffusionBatchPipeline(c =>
        {
            section.GetSection("Pipeline").Bind(c);
            (c.Storage, c.Queues) = ("https://account.blob.core.windows.net/", "https://account.queue.core.windows.net/");
            c.Index = c.Index.Replace("[format('", "", StringComparison.Ordinal).Split("', ")[0];
        }).BuildServiceProvider();
        PipelineConnection connection = services.GetRequiredService<IOptions<PipelineConnection>>().Value;
        Assert.True(connection.IndexByIdentity);
        Assert.Equal(new PipelineConnection().Container, connection.Container);
    }

    static IConfiguration Section(Dictionary<string, string> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build();

    /// <summary>What is deployed where azd's environment says nothing more.</summary>
    public sealed class ByDefault : IAsyncLifetime
    {
        internal Deployment? Predicted { get; private set; }

        public async ValueTask InitializeAsync() => Predicted = await Deployment.PredictAsync();

        public ValueTask DisposeAsync() => default;
    }
}
