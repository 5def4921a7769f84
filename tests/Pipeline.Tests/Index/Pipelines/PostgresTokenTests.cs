using Azure.Core;
using Azure.Identity;
using Dapper;
using DiffusionBatch.Pipeline.Index;
using Npgsql;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

/// <summary>An identity's token as the password, with a server that asks for one.</summary>
public sealed class PostgresTokenTests : IAsyncLifetime
{
    PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresFixture.StartServerAsync();
        await using var connection = new NpgsqlConnection(_server.Connection("postgres") + ";Pooling=false");
        await connection.ExecuteAsync("create role reader login password 'the token' superuser");
        string rules = (await connection.ExecuteScalarAsync<string>("show hba_file"))!;
        await File.WriteAllTextAsync(rules, "host all reader 127.0.0.1/32 scram-sha-256\n" + await File.ReadAllTextAsync(rules));
        await connection.ExecuteAsync("select pg_reload_conf()");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_token_made_out_to_the_database_opens_the_index()
    {
        var identity = new FakeIdentity(_ => "the token");
        await using SqlPipelineIndex index = Open(identity);
        Assert.Null(await index.Jobs.GetAsync("job_none"));
        Assert.All(identity.Scopes, s => Assert.Equal("https://ossrdbms-aad.database.windows.net/.default", s));
        Assert.NotEmpty(identity.Scopes);
    }

    [Fact]
    public async Task A_token_that_cant_be_had_yet_is_asked_for_again()
    {
        var identity = new FakeIdentity(asked => asked < 3
            ? throw new AuthenticationFailedException("The identity's endpoint is starting.")
            : "the token");
        await using SqlPipelineIndex index = Open(identity);
        Assert.Null(await index.Jobs.GetAsync("job_none"));
        Assert.True(identity.Scopes.Count >= 3);
    }

    [Fact]
    public async Task Another_s_token_opens_nothing()
    {
        await using SqlPipelineIndex index = Open(new FakeIdentity(_ => "another token"));
        Assert.Equal("28P01", (await Assert.ThrowsAsync<PostgresException>(() => index.Jobs.GetAsync("job_none"))).SqlState);
    }

    SqlPipelineIndex Open(TokenCredential identity) =>
        new(new PostgresDialect(_server!.Connection("postgres").Replace("Username=dbatch", "Username=reader", StringComparison.Ordinal),
            identity), TimeProvider.System);

    /// <summary>Gives tokens as it is told to, and remembers whom they were for.</summary>
    sealed class FakeIdentity(Func<int, string> token) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken(token(Scopes.Count), DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
