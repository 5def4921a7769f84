using System.Text.RegularExpressions;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Access;
using DiffusionBatch.Functions.Problems;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace DiffusionBatch.Functions.Tests.Access;

/// <summary>Which tokens are taken, and what each of the others is told.</summary>
public sealed class EntraTokensTests : IAsyncLifetime
{
    readonly ManualTime _time = new();
    TestAuthority _authority = null!;
    EntraTokens _tokens = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _authority = await TestAuthority.StartAsync();
        _tokens = Of(null);
    }

    public async ValueTask DisposeAsync()
    {
        _tokens.Dispose();
        await _authority.DisposeAsync();
    }

    EntraTokens Of(string? claim) => new(new EntraSettings(new Uri(_authority.Url), TestAuthority.Audience, claim), _time,
        NullLogger<EntraTokens>.Instance);

    string Token(Action<SecurityTokenDescriptor>? change = null, params (string, object)[] claims) =>
        _authority.Token(_time.GetUtcNow(), change, claims.Length == 0 ? [("roles", new[] { "submit" })] : claims);

    async Task<ApiProblem> RefusedAsync(string token) =>
        (await Assert.ThrowsAsync<ApiException>(() => _tokens.CallerOfAsync(token, Cancel))).Problem;

    [Fact]
    public async Task A_good_token_has_its_highest_role()
    {
        Assert.Equal(new Caller(Tenant.Default, KeyRole.Submit), await _tokens.CallerOfAsync(Token(), Cancel));
        Assert.Equal(KeyRole.Read, (await _tokens.CallerOfAsync(Token(null, ("roles", new[] { "read", "other" })), Cancel)).Role);
        Assert.Equal(KeyRole.Admin, (await _tokens.CallerOfAsync(Token(null, ("roles", new[] { "admin", "read" })), Cancel)).Role);
        Assert.Equal(1, _authority.Asked);
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "expired", "has expired" }, { "early", "isn't valid yet" }, { "endless", "has no end" }, { "audience", "another audience" },
        { "issuer", "another issuer" }, { "key", "isn't signed with a key" }, { "known id", "isn't signed with a key" },
        { "changed", "isn't signed with a key" }, { "none", "isn't signed with a key" }, { "public", "isn't signed with a key" },
        { "nonsense", "can't be read" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task What_is_no_good_token_is_401_and_told_why(string which, string said)
    {
        DateTime now = _time.GetUtcNow().UtcDateTime;
        string token = which switch
        {
            "expired" => Token(d => (d.NotBefore, d.Expires) = (now.AddHours(-2), now.AddMinutes(-1))),
            "early" => Token(d => d.NotBefore = now.AddMinutes(2)),
            "endless" => Token(d => d.Expires = null),
            "audience" => Token(d => d.Audience = "another"),
            "issuer" => Token(d => d.Issuer = "https://login.example.com"),
            "key" => Token(d => d.SigningCredentials = Signing(TestAuthority.NewKey())),
            "known id" => Token(d =>
            {
                RsaSecurityKey other = TestAuthority.NewKey();
                other.KeyId = _authority.KeyId;
                d.SigningCredentials = Signing(other);
            }),
            "changed" => Changed(Token()),
            "none" => Unsigned(Token()),
            "public" => Token(d => d.SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(_authority.PublicKey) { KeyId = _authority.KeyId }, SecurityAlgorithms.HmacSha256)),
            _ => "eyJ.x.y",
        };
        ApiProblem problem = await RefusedAsync(token);
        Assert.Equal((401, "urn:diffusionbatch:problem:invalid-api-key"), (problem.Status, problem.Type));
        Assert.Contains(said, problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[1], problem.Detail, StringComparison.Ordinal);

        static SigningCredentials Signing(SecurityKey key) => new(key, SecurityAlgorithms.RsaSha256);
        // With more rights than it was signed for.
        string Changed(string signed) =>
            string.Join('.', signed.Split('.')[0], Token(null, ("roles", new[] { "admin" })).Split('.')[1], signed.Split('.')[2]);
        static string Unsigned(string signed) => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{signed.Split('.')[1]}.";
    }

    [Fact]
    public async Task A_token_without_a_role_or_a_tenant_is_403()
    {
        ApiProblem problem = await RefusedAsync(Token(null, ("roles", new[] { "reader" })));
        Assert.Equal((403, "urn:diffusionbatch:problem:not-allowed"), (problem.Status, problem.Type));
        Assert.Contains("none of read, submit, admin", problem.Detail, StringComparison.Ordinal);
        using EntraTokens tenants = Of("team");
        Assert.Equal(Tenant.Parse("acme"),
            (await tenants.CallerOfAsync(Token(null, ("roles", new[] { "read" }), ("team", "acme")), Cancel)).Tenant);
        foreach (object team in (object[])["Not a tenant", new[] { "acme", "zeta" }, ""])
            Assert.Equal(403, (await Assert.ThrowsAsync<ApiException>(() =>
                tenants.CallerOfAsync(Token(null, ("roles", new[] { "read" }), ("team", team)), Cancel))).Problem.Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<ApiException>(() => tenants.CallerOfAsync(Token(), Cancel))).Problem.Status);
    }

    [Fact]
    public async Task Keys_that_changed_are_asked_for_again_but_not_for_each_bad_token()
    {
        await _tokens.CallerOfAsync(Token(), Cancel);
        _authority.Rotate();
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(KeyRole.Submit, (await _tokens.CallerOfAsync(Token(), Cancel)).Role);
        string foreign = Token(d => d.SigningCredentials = new SigningCredentials(TestAuthority.NewKey(), SecurityAlgorithms.RsaSha256));
        for (int i = 0; i < 5; i++) await RefusedAsync(foreign);
        Assert.Equal(2, _authority.Asked);
    }

    [Fact]
    public async Task An_authority_that_is_away_is_503_until_it_is_back_and_later_keeps_nobody_out()
    {
        _authority.IsAway = true;
        Assert.Equal(503, (await RefusedAsync(Token())).Status);
        _authority.IsAway = false;
        await _tokens.CallerOfAsync(Token(), Cancel);
        _authority.IsAway = true;
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(KeyRole.Submit, (await _tokens.CallerOfAsync(Token(), Cancel)).Role);
    }

    [Theory]
    [InlineData("Access:Entra:Audience is missing", "TenantId", "contoso.com")]
    [InlineData("Access:Entra:TenantId is needed", "Audience", "x")]
    [InlineData("not both", "Audience", "x", "TenantId", "y", "Authority", "https://z")]
    [InlineData("give an https URL", "Audience", "x", "Authority", "http://example.com")]
    [InlineData("give the tenant's id", "Audience", "x", "TenantId", "a/b")]
    public void A_wrong_setting_is_told(string said, params string[] settings) =>
        Assert.Contains(said, Assert.Single(Assert.Throws<OptionsValidationException>(() => Read(settings)).Failures),
            StringComparison.Ordinal);

    [Fact]
    public void Settings_name_a_tenant_of_Entra_ID()
    {
        Assert.Null(Read());
        Assert.Equal(new EntraSettings(new Uri("https://login.microsoftonline.com/contoso.com/v2.0"), "x", "tid"),
            Read("TenantId", "contoso.com", "Audience", "x", "TenantClaim", "tid"));
    }

    [Fact]
    public void The_deployment_s_settings_are_read_by_the_code()
    {
        string template = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "infra", "modules", "api.bicep"));
        var names = Regex.Matches(template, "Access__\\w+").Select(m => m.Value.Replace("__", ":", StringComparison.Ordinal)).ToHashSet();
        AccessSettings settings = AccessSettings.Of(new ConfigurationBuilder().AddInMemoryCollection(
            names.Select(n => KeyValuePair.Create(n, (string?)("0123456789abcdef" + n.Length)))).Build());
        Assert.True(names.Count == 4 && settings is { AdminKey: not null, Entra.TenantClaim: not null });
    }

    static EntraSettings? Read(params string[] settings) => EntraSettings.Of(new ConfigurationBuilder().AddInMemoryCollection(
        settings.Chunk(2).Select(s => KeyValuePair.Create("Access:Entra:" + s[0], (string?)s[1]))).Build());
}
