// The index: a PostgreSQL server that takes no passwords, with one database.

param location string
param tags { *: string }
param token string
param sku string

@description('The identity that signs in, by its name and its object id.')
param identityName string
param principalId string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: 'psql-dbatch-${token}'
  location: location
  tags: tags
  sku: { name: sku, tier: 'Burstable' }
  properties: {
    version: '17'
    storage: { storageSizeGB: 32, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 7, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: 'Disabled' }
    authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: tenant().tenantId }
    network: { publicNetworkAccess: 'Enabled' }
  }

  // The server does one such change at a time: hence the order.
  resource administrator 'administrators' = {
    name: principalId
    properties: { principalName: identityName, principalType: 'ServicePrincipal', tenantId: tenant().tenantId }
  }

  resource database 'databases' = {
    name: 'dbatch'
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
    dependsOn: [administrator]
  }

  // This range means: from addresses of Azure's own, whoever's they are. Who signs in still needs a token of the administrator's.
  resource azure 'firewallRules' = {
    name: 'azure'
    properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
    dependsOn: [database]
  }
}

output server string = server.name
// Few connections a process: a small server takes some tens, and workers come by the dozen.
output index string = 'Host=${server.properties.fullyQualifiedDomainName};Database=${server::database.name};Username=${identityName};Ssl Mode=VerifyFull;Maximum Pool Size=8'
