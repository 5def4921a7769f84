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

  // The server makes one such change at a time, and this order matters. The administrator comes after another change, or meets a
  // server that isn't quite there (Azure/azure-postgresql#127), and before the database, which belongs to who there is then
  // (hashicorp/terraform-provider-azurerm#27895).

  // This range means: from addresses of Azure's own, whoever's they are. Who signs in still needs a token of the administrator's.
  resource azure 'firewallRules' = {
    name: 'azure'
    properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
  }

  resource administrator 'administrators' = {
    name: principalId
    properties: { principalName: identityName, principalType: 'ServicePrincipal', tenantId: tenant().tenantId }
    dependsOn: [azure]
  }

  resource database 'databases' = {
    name: 'dbatch'
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
    dependsOn: [administrator]
  }
}

output server string = server.name
// Few connections a process: the smallest server takes 35, and there are four kinds of instances of the API beside the workers.
output index string = 'Host=${server.properties.fullyQualifiedDomainName};Database=${server::database.name};Username=${identityName};Ssl Mode=VerifyFull;Maximum Pool Size=4'
